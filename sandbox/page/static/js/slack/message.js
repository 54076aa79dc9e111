/** One message: who, when, what, its reactions, its thread, and what one can do with it. */
import { sentence } from "../api.js";
import { blocks } from "../blocks/blocks.js";
import { mrkdwn } from "../blocks/mrkdwn.js";
import { user } from "../blocks/names.js";
import { state } from "../state.js";
import { ago, clock, fromTs, full } from "../time.js";
import { avatar } from "../ui/avatar.js";
import { icon } from "../ui/icons.js";
import { openMenu } from "../ui/popup.js";
import { h } from "../ui/vdom.js";
import { openThread, press, toggleReaction } from "./acts.js";
import { addButton, reactions } from "./reactions.js";
import { messageSurface } from "./surfaces.js";

const SHORTCUTS = [{ callback_id: "tierdesk_case", label: "Open the case" }];

/**
 * @param {{inThread?: boolean, root?: boolean, compact?: boolean, fresh?: boolean}} where
 *   root: the parent above its thread; compact: same author just before; fresh: arrived now
 */
export function messageView(message, where = {}) {
  const author = authorOf(message);
  const classes = ["message", where.compact && "compact", message.ephemeral && "ephemeral", where.fresh && "arrive"];
  return h(
    "article",
    {
      key: `${message.ts}${message.ephemeral ? "-e" : ""}`,
      class: classes.filter(Boolean).join(" "),
      "data-testid": `${where.root ? "thread-root" : "message"}-${message.ts}`,
      "aria-label": `${author.name}, ${clock(fromTs(message.ts))}`,
    },
    h("div", { class: "message-side" }, where.compact ? shortTime(message) : avatar(author.name, author.color)),
    h(
      "div",
      { class: "message-main" },
      message.ephemeral && h("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      !where.compact && heading(message, author),
      body(message),
      reactions(message),
      warning(message),
      !where.inThread && threadBar(message),
    ),
    !message.ephemeral && toolbar(message, where),
  );
}

function authorOf(message) {
  const known = user(message.user);
  const name = message.username || known?.real_name || known?.name || "Tierdesk";
  return { name, color: known?.color, bot: Boolean(message.bot_id || known?.is_bot) };
}

function shortTime(message) {
  const at = fromTs(message.ts);
  return h("time", { class: "message-hover-time", datetime: at.toISOString() }, clock(at));
}

function heading(message, author) {
  const at = fromTs(message.ts);
  return h(
    "div",
    { class: "message-head" },
    h("span", { class: "message-author" }, author.name),
    author.bot && h("span", { class: "app-badge" }, "APP"),
    h("time", { class: "message-time", datetime: at.toISOString(), title: full(at) }, clock(at)),
  );
}

function body(message) {
  const rich = message.blocks?.length > 0;
  return h(
    "div",
    { class: rich ? "message-body card" : "message-body" },
    rich ? blocks(message.blocks, messageSurface(message)) : mrkdwn(message.text),
    (message.attachments ?? []).map((one) => attachment(one, message)),
    message.edited && h("span", { class: "edited" }, "(edited)"),
  );
}

function attachment(one, message) {
  const bar = /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : null;
  return h(
    "div",
    { class: "attachment", vars: bar ? { "--bar": bar } : {} },
    one.blocks?.length ? blocks(one.blocks, messageSurface(message)) : mrkdwn(one.text ?? one.fallback),
  );
}

function warning(message) {
  const error = state.ui.warnings[message.ts];
  if (!error) return null;
  return h("p", { class: "message-warning", role: "alert" }, icon("warning"), sentence(error));
}

function threadBar(message) {
  const replies = repliesOf(message);
  if (!replies.length) return null;
  const people = [...new Set(replies.map((one) => authorOf(one).name))].slice(0, 4);
  return h(
    "button",
    {
      type: "button",
      class: "thread-bar",
      "data-testid": `thread-open-${message.ts}`,
      on: { click: () => openThread(message.channel, message.ts) },
    },
    h("span", { class: "thread-faces" }, people.map((name) => avatar(name, colorOf(name)))),
    h("span", { class: "thread-count" }, replies.length === 1 ? "1 reply" : `${replies.length} replies`),
    h("span", { class: "thread-last" }, lastReply(replies.at(-1))),
  );
}

function lastReply(message) {
  const since = ago(fromTs(message.ts));
  return since === "now" ? "Last reply just now" : `Last reply ${since} ago`;
}

function colorOf(name) {
  return state.slack.users.find((one) => one.real_name === name || one.name === name)?.color;
}

/** The thread beneath a message, as far as this person sees it. */
export function repliesOf(message) {
  const own = state.slack.messages[message.channel] ?? [];
  return own.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts && !one.deleted);
}

function toolbar(message, where) {
  const quick = (name, label, sign) =>
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: () => toggleReaction(message, name) } },
      icon(sign),
    );
  return h(
    "div",
    { class: "message-tools", role: "group", "aria-label": "Message actions" },
    quick("eyes", "React with eyes", "eye"),
    quick("white_check_mark", "React with a check mark", "check"),
    addButton(message),
    !where.inThread && !where.root && threadButton(message),
    moreButton(message),
  );
}

function threadButton(message) {
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "data-testid": repliesOf(message).length ? null : `thread-open-${message.ts}`,
      "aria-label": "Reply in thread",
      title: "Reply in thread",
      on: { click: () => openThread(message.channel, message.ts) },
    },
    icon("thread"),
  );
}

function moreButton(message) {
  const items = SHORTCUTS.map(({ callback_id, label }) => ({
    label,
    note: "Tierdesk",
    testid: `shortcut-${callback_id}`,
    run: () => press({ ts: message.ts, channel: message.channel, busy: `shortcut-${message.ts}` }, { type: "shortcut", callback_id }),
  }));
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "data-testid": `more-${message.ts}`,
      "aria-label": "More message actions",
      title: "More message actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: (event) => openMenu(event.currentTarget, "Message actions", items) },
    },
    icon("more"),
  );
}
