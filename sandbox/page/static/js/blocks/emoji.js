/** The short names that cards and people here use most; any other stays written as :name:. */

const NAMES = `
eyes 👀|white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|clap 👏|raised_hands 🙌|pray 🙏|wave 👋|muscle 💪|point_up ☝️|
point_right 👉|point_left 👈|point_down 👇|handshake 🤝|raising_hand 🙋|bow 🙇|
tada 🎉|heart ❤️|green_heart 💚|blue_heart 💙|broken_heart 💔|fire 🔥|star ⭐|sparkles ✨|100 💯|zap ⚡|boom 💥|
smile 😄|smiley 😃|grinning 😀|slightly_smiling_face 🙂|joy 😂|wink 😉|blush 😊|heart_eyes 😍|thinking_face 🤔|
neutral_face 😐|cry 😢|sob 😭|angry 😠|rage 😡|sweat_smile 😅|scream 😱|sleeping 😴|sunglasses 😎|robot_face 🤖|shrug 🤷|
warning ⚠️|rotating_light 🚨|no_entry ⛔|no_entry_sign 🚫|stop_sign 🛑|octagonal_sign 🛑|question ❓|exclamation ❗|
bangbang ‼️|information_source ℹ️|bulb 💡|mega 📣|loudspeaker 📢|bell 🔔|no_bell 🔕|
red_circle 🔴|large_red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|
large_blue_circle 🔵|large_purple_circle 🟣|large_brown_circle 🟤|black_circle ⚫|white_circle ⚪|
large_orange_diamond 🔶|large_blue_diamond 🔷|small_orange_diamond 🔸|small_blue_diamond 🔹|red_square 🟥|large_orange_square 🟧|
lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|shield 🛡️|speech_balloon 💬|thought_balloon 💭|left_speech_bubble 🗨️|
envelope ✉️|email 📧|e-mail 📧|incoming_envelope 📨|inbox_tray 📥|outbox_tray 📤|mailbox 📫|memo 📝|pencil 📝|pencil2 ✏️|
clipboard 📋|page_facing_up 📄|book 📖|books 📚|bookmark 🔖|label 🏷️|pushpin 📌|round_pushpin 📍|paperclip 📎|link 🔗|
mag 🔍|mag_right 🔎|chart_with_upwards_trend 📈|bar_chart 📊|calendar 📆|date 📅|spiral_calendar_pad 🗓️|
hourglass ⌛|hourglass_flowing_sand ⏳|alarm_clock ⏰|stopwatch ⏱️|clock1 🕐|clock3 🕒|watch ⌚|
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|arrow_heading_up ⤴️|leftwards_arrow_with_hook ↩️|
arrows_counterclockwise 🔄|repeat 🔁|twisted_rightwards_arrows 🔀|fast_forward ⏩|play_or_pause_button ⏯️|
package 📦|truck 🚚|credit_card 💳|moneybag 💰|receipt 🧾|shopping_cart 🛒|phone ☎️|telephone_receiver 📞|iphone 📱|
computer 💻|globe_with_meridians 🌐|earth_africa 🌍|house 🏠|office 🏢|hospital 🏥|ambulance 🚑|pill 💊|
ticket 🎫|admission_tickets 🎟️|wrench 🔧|hammer_and_wrench 🛠️|gear ⚙️|toolbox 🧰|bug 🐛|wastebasket 🗑️|
bust_in_silhouette 👤|busts_in_silhouette 👥|technologist 🧑‍💻|female-technologist 👩‍💻|bee 🐝|honeybee 🐝|seedling 🌱|herb 🌿|leaves 🍃|
sunny ☀️|zzz 💤|coffee ☕|crown 👑|trophy 🏆|medal 🏅|first_place_medal 🥇|checkered_flag 🏁|triangular_flag_on_post 🚩|
white_large_square ⬜|black_large_square ⬛|heavy_minus_sign ➖|heavy_plus_sign ➕|recycle ♻️|new 🆕|sos 🆘|vs 🆚|ok 🆗|
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|detective 🕵️|ninja 🥷|see_no_evil 🙈|ear 👂|crossed_fingers 🤞
`;

const SIGNS = new Map(
  NAMES.replaceAll("\n", "")
    .split("|")
    .map((pair) => pair.split(" ")),
);

/** What the reaction picker offers first. */
export const PICKED = [
  "eyes", "white_check_mark", "+1", "heart", "tada", "pray", "raised_hands", "bulb",
  "thinking_face", "smile", "joy", "cry", "rage", "fire", "warning", "rotating_light",
  "hourglass_flowing_sand", "lock", "x", "no_entry", "package", "credit_card", "zzz", "wave",
];

/** The sign for a short name (skin tones are dropped), or ":name:" when it is not known. */
export function emoji(name) {
  return SIGNS.get(name.split("::")[0]) ?? `:${name}:`;
}

export function isEmoji(name) {
  return SIGNS.has(name.split("::")[0]);
}

/** Replace every known :short_name: in a plain text. */
export function withEmoji(text) {
  return text.replace(/:([\w+-]+)(?:::skin-tone-\d)?:/g, (whole, name) => SIGNS.get(name) ?? whole);
}
