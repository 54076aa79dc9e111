/** Block Kit's rich_text block. */
import { h } from "../ui/vdom.js";
import { dateToken } from "../time.js";
import { emoji } from "./emoji.js";
import { link } from "./mrkdwn.js";
import { channelName, userName } from "./names.js";

const SECTIONS = {
  rich_text_section: (part) => h("div", { class: "rich-section", dir: "auto" }, inline(part)),
  rich_text_quote: (part) => h("blockquote", { class: "quote", dir: "auto" }, inline(part)),
  rich_text_preformatted: (part) => h("pre", { class: "pre" }, inline(part)),
  rich_text_list: list,
};

const PIECES = {
  text: (piece) => piece.text,
  link: (piece) => link(piece.url, piece.text ?? piece.url) ?? piece.text ?? piece.url,
  user: (piece) => h("span", { class: "mention" }, `@${userName(piece.user_id)}`),
  channel: (piece) => h("span", { class: "mention" }, `#${channelName(piece.channel_id)}`),
  usergroup: () => h("span", { class: "mention" }, "@care-team"),
  broadcast: (piece) => h("span", { class: "mention" }, `@${piece.range}`),
  emoji: (piece) => emoji(piece.name),
  color: (piece) => piece.value,
  date: (piece) => dateToken(String(piece.timestamp), piece.format, piece.fallback ?? ""),
};

const STYLES = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

export function richText(block) {
  return h("div", { class: "rich" }, (block.elements ?? []).map((part) => SECTIONS[part.type]?.(part)));
}

function inline(part) {
  return (part.elements ?? []).map((piece) => styled(piece, PIECES[piece.type]?.(piece) ?? ""));
}

function styled(piece, node) {
  return Object.keys(STYLES)
    .filter((name) => piece.style?.[name])
    .reduce((inner, name) => h(STYLES[name], name === "code" ? { class: "code" } : null, inner), node);
}

function list(part) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const props = { class: `rich-list indent-${part.indent ?? 0}`, start: part.offset ? part.offset + 1 : null };
  return h(tag, props, part.elements.map((item) => h("li", { dir: "auto" }, inline(item))));
}
