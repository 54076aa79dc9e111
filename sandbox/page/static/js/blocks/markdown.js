/** Block Kit's markdown block: the everyday part of Markdown, line by line. */
import { h } from "../ui/vdom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mrkdwn.js";

/** @param {string} text @returns {object[]} nodes */
export function markdown(text) {
  const lines = String(text ?? "").split("\n");
  const out = [];
  while (lines.length) out.push(piece(lines));
  return out;
}

function piece(lines) {
  if (lines[0].startsWith("```")) return fence(lines);
  const found = KINDS.find((kind) => kind.mark.test(lines[0]));
  if (!found) return paragraph(lines.shift());
  return found.make(takeWhile(lines, found.mark));
}

const KINDS = [
  { mark: /^#{1,6} /, make: (rows) => rows.map(heading) },
  { mark: /^\s*[-*+] /, make: (rows) => h("ul", { class: "rich-list" }, items(rows, /^\s*[-*+] /)) },
  { mark: /^\s*\d+[.)] /, make: (rows) => h("ol", { class: "rich-list" }, items(rows, /^\s*\d+[.)] /)) },
  { mark: /^> ?/, make: (rows) => h("blockquote", { class: "quote" }, items(rows, /^> ?/, "div")) },
  { mark: /^\s*([-*_])(\s*\1){2,}\s*$/, make: () => h("hr", { class: "divider" }) },
];

function takeWhile(lines, mark) {
  const taken = [];
  while (lines.length && mark.test(lines[0])) taken.push(lines.shift());
  return taken;
}

function heading(row) {
  const level = Math.min(row.indexOf(" "), 3);
  return h("p", { class: `md-h md-h${level}`, dir: "auto" }, inline(row.replace(/^#+ /, "")));
}

function items(rows, mark, tag = "li") {
  return rows.map((row) => h(tag, { dir: "auto" }, inline(row.replace(mark, ""))));
}

function paragraph(row) {
  return row.trim() === "" ? h("div", { class: "md-gap" }) : h("div", { dir: "auto" }, inline(row));
}

function fence(lines) {
  lines.shift();
  const end = lines.findIndex((line) => line.startsWith("```"));
  const body = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return h("pre", { class: "pre" }, body.join("\n"));
}

const PATTERN = /`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|\*(\S.*?)\*|\[([^\]]+)\]\(([^)\s]+)\)/;

function inline(text) {
  const found = text.match(PATTERN);
  if (!found) return [withEmoji(text)];
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  return [withEmoji(before), markup(found), ...inline(after)];
}

function markup([, code, bold, strong, strike, italic, label, url]) {
  if (code) return h("code", { class: "code" }, code);
  if (bold || strong) return h("strong", null, inline(bold || strong));
  if (strike) return h("s", null, inline(strike));
  if (italic) return h("em", null, inline(italic));
  return link(url, label) ?? label;
}
