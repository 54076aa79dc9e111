/** The message list of a channel with its composer. */
import { state } from "../state.js";
import { dayName, fromTs } from "../time.js";
import { icon } from "../ui/icons.js";
import { h } from "../ui/vdom.js";
import { writer } from "../ui/writer.js";
import { say } from "./acts.js";
import { messageView } from "./message.js";
import { following, goToEnd } from "./scroll.js";

const SHOWN = 200;
const TOGETHER_S = 300;
const seen = new Set();
let settled = false;

export function channelView(channel) {
  const all = topLevel(channel.id);
  const list = all.slice(-SHOWN);
  const cut = channel.count - list.filter((one) => !one.ephemeral).length;
  const name = `${state.ui.agent}/${channel.id}`;
  return h(
    "section",
    { class: "channel", "aria-label": `Channel ${channel.name}` },
    header(channel),
    h(
      "div",
      { class: "messages", role: "log", "aria-live": "polite", "aria-label": "Messages", tabindex: "0", "data-testid": "messages", ...following(name) },
      h("div", { class: "messages-fill" }),
      cut > 0 && h("p", { class: "messages-cut" }, `${cut} earlier messages are not shown.`),
      list.length ? withDays(list) : empty(channel),
    ),
    writer({
      draft: `slack/${channel.id}`,
      label: `Message #${channel.name}`,
      placeholder: `Message #${channel.name}`,
      sendLabel: "Send",
      enterSends: true,
      testid: "slack-composer-channel",
      sendTestid: "slack-send-channel",
      send: (text) => {
        goToEnd(name);
        return say(channel.id, text);
      },
    }),
  );
}

function header(channel) {
  return h(
    "header",
    { class: "channel-head" },
    h("h2", { class: "channel-name", title: channel.topic || null }, channel.is_private ? icon("lock") : h("span", { class: "hash", "aria-hidden": "true" }, "#"), channel.name),
    channel.is_private && h("span", { class: "visually-hidden" }, "private channel"),
    channel.topic && h("p", { class: "channel-topic", title: channel.topic }, channel.topic),
    h("span", { class: "channel-count", title: `${channel.members} members` }, icon("users"), channel.members, h("span", { class: "visually-hidden" }, "members")),
  );
}

function empty(channel) {
  return h(
    "div",
    { class: "empty" },
    h("h3", null, `This is the start of #${channel.name}`),
    h("p", null, "Cases appear here as soon as somebody writes to Brightleaf. Write as a customer, or let the story play."),
  );
}

/** What stands in the channel itself, with what only this person sees, oldest first. */
export function topLevel(id) {
  const own = (state.slack.messages[id] ?? []).filter((one) => isTop(one) && !one.deleted);
  return [...own, ...ephemerals(id).filter(isTop)].sort(byTs);
}

export function ephemerals(id) {
  return (state.slack.ephemerals?.[id] ?? []).map((one) => ({ ...one, ephemeral: true }));
}

export function byTs(one, other) {
  return Number(one.ts) - Number(other.ts);
}

function isTop(message) {
  return !message.thread_ts || message.thread_ts === message.ts;
}

function withDays(list) {
  let before = null;
  return list.map((message) => {
    const day = dayName(fromTs(message.ts));
    const line = before?.day !== day && dayLine(day);
    const compact = !line && follows(before?.message, message);
    before = { day, message };
    return [line, messageView(message, { compact, fresh: isFresh(message) })];
  });
}

function dayLine(day) {
  return h("div", { key: `day-${day}`, class: "day", role: "separator" }, h("span", null, day));
}

/** Two plain messages of one person close together share one heading. */
export function follows(before, message) {
  if (!before || before.user !== message.user || before.ephemeral || message.ephemeral) return false;
  const plain = !before.blocks?.length && !message.blocks?.length;
  return plain && Number(message.ts) - Number(before.ts) < TOGETHER_S;
}

/** True for what arrived after the page was opened; that slides in. */
export function isFresh(message) {
  const known = seen.has(message.ts);
  seen.add(message.ts);
  return settled && !known;
}

export function markSettled() {
  settled = true;
}
