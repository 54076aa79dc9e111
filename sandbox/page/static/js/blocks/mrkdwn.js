/**
 * Slack's mrkdwn ("Formatting text for app surfaces") as a tree of nodes.
 * A customer's text can hold anything: only nodes and text are made, and only web and mail
 * addresses become links.
 */
import { h } from "../ui/vdom.js";
import { dateToken } from "../time.js";
import { withEmoji } from "./emoji.js";
import { channelName, userName } from "./names.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;

/** Slack keeps &, < and > escaped in every text. */
export function unescape(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
}

/** A text object ({type, text, emoji?, verbatim?}) as nodes. */
export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return [unescape(object)];
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  const text = unescape(object.text ?? "");
  return [object.emoji === false ? text : withEmoji(text)];
}

/** @param {string} text @returns {object[]} nodes */
export function mrkdwn(text) {
  const parts = String(text ?? "").split(/```\n?([\s\S]*?)\n?```/);
  return parts.flatMap((part, index) => {
    if (index % 2) return [h("pre", { class: "pre" }, inlineTokens(part))];
    return part === "" ? [] : paragraphs(part);
  });
}

function paragraphs(text) {
  const groups = [];
  let rest = false;
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const mark = line.match(/^(?:&gt;|>){3} ?|^(?:&gt;|>) ?/);
    if (mark && /^(?:&gt;|>){3}/.test(line)) rest = true;
    const quoted = Boolean(mark) || rest;
    const bare = mark ? line.slice(mark[0].length) : line;
    const last = groups.at(-1);
    if (last?.quoted === quoted) last.lines.push(bare);
    else groups.push({ quoted, lines: [bare] });
  }
  return groups.map(paragraph);
}

function paragraph({ quoted, lines }) {
  const content = lines.flatMap((line, index) => [index ? h("br") : null, ...inline(line)]);
  return quoted
    ? h("blockquote", { class: "quote", dir: "auto" }, content)
    : h("span", { class: "para", dir: "auto" }, content);
}

/** One line: styles, code, tokens and emoji. */
export function inline(line) {
  const out = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) out.push(withEmoji(unescape(plain)));
    plain = "";
  };
  while (at < line.length) {
    const found = special(line, at);
    if (found) {
      flush();
      out.push(found.node);
      at = found.end;
    } else {
      plain += line[at++];
    }
  }
  flush();
  return out;
}

function special(line, at) {
  const sign = line[at];
  if (sign === "<") return token(line, at);
  if (sign === "`") return code(line, at);
  if (sign in STYLES) return styled(line, at);
  return null;
}

function code(line, at) {
  const end = line.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: h("code", { class: "code" }, inlineTokens(line.slice(at + 1, end))), end: end + 1 };
}

function styled(line, at) {
  const sign = line[at];
  if (WORD.test(line[at - 1] ?? " ") || /\s/.test(line[at + 1] ?? " ")) return null;
  const end = closing(line, at, sign);
  if (end < 0) return null;
  return { node: h(STYLES[sign], null, inline(line.slice(at + 1, end))), end: end + 1 };
}

function closing(line, at, sign) {
  for (let end = line.indexOf(sign, at + 1); end > 0; end = line.indexOf(sign, end + 1)) {
    const inside = end > at + 1 && !/\s/.test(line[end - 1]);
    if (inside && !WORD.test(line[end + 1] ?? " ")) return end;
  }
  return -1;
}

/** Inside code only tokens and entities count. */
function inlineTokens(text) {
  return text.split(/(<[^<>\n]+>)/).map((part) => {
    const found = part.startsWith("<") ? token(part, 0) : null;
    return found ? found.node : unescape(part);
  });
}

function token(line, at) {
  const end = line.indexOf(">", at);
  if (end < 0) return null;
  const [target, label] = halves(line.slice(at + 1, end));
  const node = tokenNode(target, label);
  return node && { node, end: end + 1 };
}

function halves(inner) {
  const bar = inner.indexOf("|");
  return bar < 0 ? [inner, ""] : [inner.slice(0, bar), inner.slice(bar + 1)];
}

function tokenNode(target, label) {
  if (target.startsWith("@")) return pill(`@${userName(target.slice(1), label)}`);
  if (target.startsWith("#")) return pill(`#${channelName(target.slice(1), label)}`);
  if (target.startsWith("!")) return command(target.slice(1), label);
  return link(target, label);
}

function command(target, label) {
  const [name, ...rest] = target.split("^");
  if (name === "date") return dateNode(rest, label);
  if (name === "subteam") return pill(label || "@care-team");
  if (["here", "channel", "everyone"].includes(name)) return pill(`@${name}`);
  return h("span", null, unescape(label || name));
}

function dateNode([seconds, format, url], fallback) {
  const text = dateToken(seconds, unescape(format ?? "{date}"), unescape(fallback));
  const node = h("time", { datetime: isoTime(seconds), title: unescape(fallback) }, text);
  return url ? link(url, text) : node;
}

function isoTime(seconds) {
  const date = new Date(Number.parseInt(seconds, 10) * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function pill(text) {
  return h("span", { class: "mention" }, unescape(text));
}

/** A link when the address is for the web or mail; its words otherwise. */
export function link(target, label) {
  const url = unescape(target);
  const text = withEmoji(unescape(label || target.replace(/^mailto:/, "")));
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return label || /^[a-z]+:/i.test(url) ? h("span", null, text) : null;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}
