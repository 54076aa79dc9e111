"""Every sentence that the desk says in Slack, in one place. Pure.

An error has three parts: what did not happen, why, what to do now.
"""

from __future__ import annotations

from inbox.case import Afterwards, Status
from inbox.decision import Priority
from inbox.message import Kind, Visibility
from inbox.ports import TicketStatus

# --- signs: each has its word beside it --------------------------------------------------

PRIORITY = {
    Priority.CRITICAL: "🔴 Critical",
    Priority.HIGH: "🟠 High",
    Priority.MEDIUM: "🔵 Medium",
    Priority.LOW: "⚪ Low",
}
VISIBILITY = {Visibility.PUBLIC: "public", Visibility.PRIVATE: "private"}
WHERE = {
    Kind.MENTION: "mention",
    Kind.COMMENT: "comment",
    Kind.REPLY: "reply",
    Kind.DM: "message",
    Kind.POST: "post",
    Kind.REVIEW: "review",
}
STATUS = {
    Status.NEW: "New, nobody has it",
    Status.OPEN: "Open",
    Status.PENDING: "Waiting for the customer",
    Status.ON_HOLD: "On hold",
    Status.CLOSED: "Closed",
}
TICKET = {
    TicketStatus.NEW: "new",
    TicketStatus.OPEN: "open",
    TicketStatus.PENDING: "waiting for the customer",
    TicketStatus.ON_HOLD: "on hold",
    TicketStatus.SOLVED: "solved",
    TicketStatus.CLOSED: "closed",
}
AFTERWARDS = {
    Afterwards.WAIT: "Wait for the customer",
    Afterwards.CLOSE: "Close as answered",
    Afterwards.KEEP: "Keep it open",
}
_NETWORKS = {
    "x": "X",
    "youtube": "YouTube",
    "whatsapp": "WhatsApp",
    "googleplay": "Google Play",
    "appstore": "App Store",
    "googlebusiness": "Google Business",
    "trustpilot": "Trustpilot",
    "generic": "Web form",
}
_LANGUAGES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def network(name: str) -> str:
    return _NETWORKS.get(name, name[:1].upper() + name[1:])


def language(code: str | None) -> str | None:
    return None if code is None else _LANGUAGES.get(code.split("-")[0], f"language {code}")


def ordinal(number: int) -> str:
    last_two, last = number % 100, number % 10
    ending = {1: "st", 2: "nd", 3: "rd"}.get(last, "th") if last_two not in (11, 12, 13) else "th"
    return f"{number:,}{ending}"


def counted(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


# --- the card ----------------------------------------------------------------------------

OPEN_POST = "Open the post ↗"
UNCHECKED = (
    "[not shown here: the check for personal data failed. Open the post to read it, "
    "and tell your operator]"
)
NO_TEXT = "(no text)"
SOMEBODY = "Somebody"
THE_HELPDESK = "The helpdesk"
ON_ITS_WAY = "✉️ An answer is on its way."
ANSWER_WAITS = "⏳ An answer waits for {net}: {why} It is sent as soon as that is over."
ANSWER_DOUBTED = "⏳ An answer may be on {net}: {why} It is looked for before it is sent again."
HELD = "⚠️ An answer is held: nobody knows whether it went out. Decide in the thread."
NOT_SENT = "⚠️ The last answer was not sent. The thread says why."
OPEN_THERE, OPEN_CASE = "Open it there ↗", "Open the case ↗"
FOR_MEMBERS = "The way there works only for its members."
WATCHED = "👀 Watched"
NOTHING_PUBLIC = "Nothing of this case stands in public."
HANDLED_PRIVATELY = "Handled in private now."
MOVED = "Moved by hand"
TAKEN_PRIVATE_BY = "taken private by {who}"
MOVED_BY = "moved from tier {tier} by {who}: “{why}”"
CLAIM, RELEASE, REPLY = "Claim", "Release", "Reply…"
TAKE_PRIVATE, ESCALATE, CLOSE, REOPEN = "Take private…", "Escalate…", "Close…", "Reopen"
HIDE, HIDE_IT, CANCEL = "Hide…", "Hide it", "Cancel"
UNHIDE, LIKE, UNLIKE = "Unhide", "Like", "Unlike"
HIDE_WHAT = "The network hides the newest public comment of this customer. The case stays here."
TICKET_IS = "🎫 Ticket {desk} #{number} · {status}"
TICKET_COMING = "🎫 A ticket in {desk} is on its way."
TICKET_WAITS = "⏳ Ticket waits for {desk}: {why} It is sent as soon as that is over."
NOTE, SEND_ON = "Note to the helpdesk…", "Send to the customer…"
CLOSE_TOO, KEEP_OPEN = "Close the case", "Keep it open"
CASE_TOO = "Is the case done, too?"
READ_IN_HELPDESK = "Read it in the helpdesk, or in a private channel: take the case private."
ESCALATE_AGAIN = "Press Escalate to open another one."
PROFILE = "Profile…"
SWARM, CHANGE, SNOOZE = "Ask experts…", "Owner, priority, tags…", "Snooze…"
WHY = "Why here?"
USE_IT, READ_LAST, ONLY_INTERNAL = "Use it", "confirmed", "internal"
IT_IS_THERE, SEND_AGAIN = "It is there", "Send again"


def and_more(number: int) -> str:
    return f" and {number:,} more"


def stars(rating: int) -> str:
    full = min(5, max(0, rating))
    return f"{'★' * full}{'☆' * (5 - full)} ({rating} of 5)"


def was_public(kind: str, net: str, about: str) -> str:
    matter = f", about {about}" if about else ""
    return f"What was public: a {kind} on {net}{matter}."


def more(number: int, *, at_least: bool) -> str:
    return f"+{number:,} {'or more' if at_least else 'more'}, newest:"


def earlier_lines(number: int, *, at_least: bool) -> str:
    what = (
        f"{max(number, 1):,} or more earlier lines" if at_least else counted(number, "earlier line")
    )
    return f"… {what} left out."


# --- windows -----------------------------------------------------------------------------

TEXT_FIELD = "Your answer"
SAVED_REPLY, CHOOSE = "Saved reply", "Choose one"
ARTICLE, SEARCH = "Article", "Search by words"
NEVER_SENT = "_Internal: this is for you to read, and no part of it is put into your answer._"
NO_SUCH_ARTICLE = "This article is no longer there. Search for another one, or write yourself."
CUT = "⚠️ The text was cut: this field takes 3,000 characters. Shorten it before you send it."
AFTER_SENDING = "After sending"
WILL_APPEAR = "Will appear"
SEND = {Visibility.PUBLIC: "Send in public", Visibility.PRIVATE: "Send privately"}
SEND_TOO = "Send mine too"
IN_PUBLIC, IN_PRIVATE = "In public", "In private"
PRIVATELY_INSTEAD = "Remove it, or choose “In private” above."
PRIVATE_NO_WAY = (
    "Remove it. This customer cannot be reached privately from here: if it has to be said, "
    "escalate the case."
)
NOTHING_POSSIBLE = "No answer can be sent"


def public_place(who: str, handle: str, net: str) -> str:
    return f"in public, under what {who} wrote, as {handle} on {net}"


def private_place(who: str, handle: str, net: str) -> str:
    return f"in private, as a message to {who} from {handle} on {net}"


def until(when: str) -> str:
    return f", possible until {when}"


def room(left: int, most: int, net: str) -> str:
    """`left` for the agent, of the `most` that the network takes."""
    if left == most:
        return f"Room for {most:,} characters on {net}."
    return f"Room for {left:,} characters: {most:,} on {net}, less the @name."


# --- what went wrong ---------------------------------------------------------------------

THREAD_IS_INTERNAL = "Only your team sees this. To answer {who}, press *Reply*."
NOT_DONE = (
    "That was not done: something went wrong in Tierdesk. Try it once more; "
    "if it happens again, tell your operator."
)
NOT_SENT_TEXT = "Your answer was not sent. {why} Here is your text, so that nothing is lost:"
TOO_LATE = "The window did not open: Slack allows 3 seconds for it. Press the button once more."
OUTSIDER = (
    "Nothing was done: you are not of the workspace that this desk belongs to. Ask somebody of its"
    " team, or ask its operator to name you (`{user}`) or your workspace in tierdesk.yaml."
)
GUEST = (
    "Nothing was done: guests work here only where tierdesk.yaml names them. Ask somebody of the"
    " team, or ask the operator to name you (`{user}`) among its members."
)
WHO_ARE_YOU = (
    "Nothing was done: Slack does not say at present whether you are of this desk's workspace."
    " Try again in a minute."
)
CHOOSE_AGAIN = (
    "Your choice was not taken: the window was just being drawn anew. Choose once more; what you "
    "typed is still there."
)
NOT_A_CARD = (
    "This message is not a case, or its case was deleted."
    " Use it on a card, or on a message in a card's thread."
)
IN_PRIVATE_CHANNEL = (
    "Case {number} is in a private channel that you are not in. "
    "Ask its team, or ask your team lead to invite you."
)
NOBODY_CAN_TELL = (
    "That was not looked up: Slack does not say who is in the private channels at present. "
    "Ask once more in a minute."
)
NOTHING_COSTS = "No account here costs anything for its calls."
CHANNELS = "Channels"
NO_ACCOUNTS = "No account is set up. Add one to tierdesk.yaml."
REPORT_WHAT = "Say which report: `/tierdesk report costs`."
NONE_MINE = "You have no open cases. Press *Claim* on a card to take one."
HELP = (
    "*Tierdesk* in a few words:\n"
    "• `/tierdesk case 1042` shows a case\n"
    "• `/tierdesk mine` lists the cases that you have\n"
    "• `/tierdesk why 1042` tells why a case came to its tier\n"
    "• `/tierdesk who ana` finds a customer, and opens their profile\n"
    "• `/tierdesk kb return shoes` searches the articles, internal ones too\n"
    "• `/tierdesk channels` shows how the accounts are\n"
    "• `/tierdesk report costs` shows what their calls cost\n"
    "• `/tierdesk rules` lists the rules and how often each matched\n"
    "• `/tierdesk ignored` shows what a rule set aside\n"
    "On a card, 👀 claims it and ✅ closes it as answered."
)
KB_WORDS_MISSING = "Say what to search for: `/tierdesk kb return shoes`."
NO_ARTICLE = "No article answers “{text}”. Try other words."
ARTICLES_FOUND = "{number} articles"
FOUND_BY = "found by"
NO_KNOWLEDGE = "There is no knowledge base here. Ask your operator to set one up."
WHAT = "`{text}` is not something that I know."
NUMBER_MISSING = "Say which case: `/tierdesk {word} 1042`."
MOVED_ON = "Case {number} has moved to another channel. Work it from its card there."
OLD_CARD = (
    "Nothing was done: the card was of an older version of Tierdesk. "
    "It is drawn anew: press the button that you need on it now."
)
OLD_BUTTON = (
    "Nothing was done: this button is of an older version of Tierdesk. "
    "Work the case from its card; `/tierdesk mine` lists your cases."
)
DECIDED = "✅ “{word}”: that is done. Slack did not take the buttons away; leave them as they are."
GONE_META = "This window is too old. Close it and open it again from the card."
ANSWERED_MEANWHILE = "{who} answered while you wrote, {when}:\n>{what}\nSend yours as well?"
CLOSED_MEANWHILE = "{who} closed the case while you wrote, {when}: {why}. Send yours as well?"
DONE = "Done"
TO_THE_CARD = "Go to the card ↗"
WILL_MOVE = (
    "The case moves to tier {tier} and is worked in {where}. "
    "The card here keeps a link and no private word."
)
INVITATION = "Private message to {who}"
PUBLIC_NOTE = "Public word under the post"
LEAVE_EMPTY = "Leave it empty to send none."
TAKE_PRIVATE_NOW = "Take private"
NOTE_HOLDS_NOTHING = "Remove it: everybody can read the public word."
NOTE_OF_NOTHING = (
    "This word is for customers whom you also write to privately, and no private message is sent. "
    "Write another word, or leave it empty."
)
WHY_MOVE, READ_FIRST = "Why", "The next person reads this first."
CHOOSE_TIER = "Nothing was moved: choose a tier first."
HELPDESK, NO_TICKET = "Ticket", "No ticket"
AS_THE_TIER = "As the tier has it: {which}"
STAYS = "Stays in tier {tier}: only a ticket"
NOTE_TEXT = "Your note"
NOTE_HINT = "The helpdesk's people read it in the ticket. The customer never sees it."
ONLY_IN_PRIVATE = "What a helpdesk answered goes to the customer in private only."
NOT_FOR_THIS_CHANNEL = (
    "That was not opened: the answer holds {what}, which this channel may not show. "
    "Send it from the helpdesk's own side, or work the case in a channel with more clearance."
)
TOO_LONG_TO_SEND_ON = (
    "That was not opened: the answer is longer than the 3,000 characters that a window takes. "
    "Send it from the helpdesk's own side, or write a shorter one with *Reply*."
)
NO_SUCH_ANSWER = "That answer is not there any more. Look in the helpdesk."
WHOM, QUESTION = "Whom do you ask?", "What do you ask?"
STAYS_YOURS = "The case stays yours, in this channel. They are called into its thread."
HOLD_UNTIL = "On hold until"
WAKES_EARLIER = "A new message of the customer brings it back earlier."
WROTE_MEANWHILE = (
    "Case {number} stays as it is: the customer wrote again, or changed what they wrote, while "
    "the window was open. "
    "Read it on the card, then press the button once more."
)
WROTE_SINCE = (
    "Case {number} stays open: the customer wrote again, and it did not stand here yet when you "
    "gave it ✅. Read it on the card, then take ✅ away and give it again, or press *Close…*."
)
WROTE_ON = (
    "Nothing was asked of the network: the customer of case {number} wrote again, and it would be "
    "done to the newer message. Look at the card, then press the button once more."
)
TIME_IS_OVER = "That time is over. Choose a later one."


# --- a customer's profile ----------------------------------------------------------------

WHO_MISSING = "Say whom: `/tierdesk who ana`, by a part of the handle or of the name."
NOBODY = "Nobody who may be shown here is called “{text}”. Try another part of the name."
PEOPLE_FOUND = "Customers called “{text}”"
MORE_PEOPLE = "There are more. Type more of the name."
TIER = "Tier {number}"
PROFILE_TITLE = "Customer profile"
NO_CASE_HERE = "None of their cases is on this page any more."
THEIR_CASES = "Cases, newest first"
OPENED, HAS_IT, DELETED = "opened", "has it", "deleted"
NOTHING_WRITTEN = "no message"
OPEN_TICKET = "open ↗"
IN_PRIVATE_CHANNEL_ONLY = "worked in a private channel"
LINKED_BY = "The same person, says {who}, {when}"
LINK_UNDONE = "{one} and {other}: linked by {who}, {when}; undone by {by}, {then}"
UNLINK = "Undo"
UNLINK_WHAT = "These accounts count as different people again. What other links say stays."
SAME_PERSON = "*Also known as*  Find another account of this person and link it."
FIND_BY_NAME = "Handle or name"
LINK_THEM = "The same person?"
LINK_WHAT = (
    "All their cases are shown together, and they count as a known contact. It can be undone."
)
LINK_THEM_NOW, UNLINK_NOW = "Link", "Undo the link"
LINKED, UNLINKED = "✅ Linked.", "✅ The link is undone."
OLDER, NEWER = "Older ↓", "↑ Newer"


def cases_of(cases: int, closed: int) -> str:
    return counted(cases, "case") + (f", {closed:,} closed" if closed else "")


def hidden_accounts(number: int) -> str:
    return f"And {counted(number, 'account')} known from private channels alone."


def these_cases(first: int, last: int, of: int) -> str:
    older = f" · and {of - last:,} older" if of > last else ""
    return f"{first:,} to {last:,} of {of:,}{older}"


def written_where(visibility: Visibility, messages: int, conversations: int) -> str:
    places = f" in {conversations:,} conversations" if conversations > 1 else ""
    return f"in {VISIBILITY[visibility]}: {counted(messages, 'message')}{places}"


def private_sign(name: str, private: bool) -> str:
    return " (private)" if private and "private" not in name.casefold() else ""


def further_lines(number: int) -> str:
    return f"… and {number:,} more."
