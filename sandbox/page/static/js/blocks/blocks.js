/**
 * Block Kit as Slack draws it.
 * A surface tells where the blocks stand: {kind: "message"|"view", key, act(block, element, chosen),
 * options(block, element, typed), field?(block, element), setField?(...), errors?}.
 */
import { h } from "../ui/vdom.js";
import { element } from "./elements.js";
import { inputBlock } from "./inputs.js";
import { markdown } from "./markdown.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { picture } from "./picture.js";
import { richText } from "./richtext.js";

const DRAWN = {
  header: (block) => h("h3", { class: "b-header", dir: "auto" }, textObject(block.text)),
  divider: () => h("hr", { class: "divider" }),
  section,
  context,
  actions,
  image,
  rich_text: richText,
  markdown: (block) => h("div", { class: "b-markdown" }, markdown(block.text)),
  input: inputBlock,
  context_actions: actions,
};

/** @param {object[]} blocks @returns {object} one node holding them all */
export function blocks(list, surface) {
  return h("div", { class: "blocks" }, (list ?? []).map((block, index) => oneBlock(block, index, surface)));
}

function oneBlock(block, index, surface) {
  const draw = DRAWN[block.type];
  const key = `${block.type}:${block.block_id ?? index}`;
  return h("div", { key, class: `block block-${block.type}` }, draw ? draw(block, surface) : unknown(block));
}

function unknown(block) {
  return h("p", { class: "b-unknown" }, `A block of type “${block.type}” cannot be drawn here.`);
}

function section(block, surface) {
  return h(
    "div",
    { class: block.accessory ? "b-section with-accessory" : "b-section" },
    h(
      "div",
      { class: "b-section-text" },
      block.text && h("div", { class: "b-text" }, textObject(block.text)),
      block.fields && h("div", { class: "b-fields" }, block.fields.map(field)),
    ),
    block.accessory && h("div", { class: "b-accessory" }, element(block, block.accessory, surface)),
  );
}

function field(text) {
  return h("div", { class: "b-field" }, textObject(text));
}

function context(block) {
  return h("div", { class: "b-context" }, (block.elements ?? []).map(contextPart));
}

function contextPart(part) {
  if (part.type === "image") return picture(part, "b-context-image");
  return h("span", { class: "b-context-text" }, part.type === "mrkdwn" ? mrkdwn(part.text) : textObject(part));
}

function actions(block, surface) {
  return h(
    "div",
    { class: "b-actions" },
    (block.elements ?? []).map((one) => h("div", { key: one.action_id, class: "b-action" }, element(block, one, surface))),
  );
}

function image(block) {
  return h(
    "figure",
    { class: "b-image" },
    block.title && h("figcaption", null, textObject(block.title)),
    picture(block, "b-picture"),
  );
}
