/** Block Kit's input block: label, element, hint, counter and what is wrong with it. */
import { h } from "../ui/vdom.js";
import { marks } from "./asking.js";
import { element } from "./elements.js";
import { textObject, unescape } from "./mrkdwn.js";

const TYPES = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text" };
const DISPATCH_AFTER_MS = 300;
/** Which part of a field is full when its counter appears. */
const COUNTED_FROM = 0.8;

export function inputBlock(block, surface) {
  const id = `field-${surface.key}-${block.block_id}`;
  const error = surface.errors?.[block.block_id];
  const el = block.element;
  const label = {
    id,
    labelledby: `${id}-label`,
    describedby: [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ") || null,
    invalid: Boolean(error),
  };
  return h(
    "div",
    { class: `b-input${error ? " invalid" : ""}`, "data-testid": `field-${block.block_id}` },
    h(
      "div",
      { class: "b-label-line" },
      h("label", { id: label.labelledby, class: "b-label", for: id }, textObject(block.label)),
      block.optional && h("span", { class: "b-optional" }, "(optional)"),
      counter(el, surface.value(block, el)),
    ),
    typing(el) ? text(block, el, surface, label) : element(block, el, surface, label),
    error && h("p", { id: `${id}-error`, class: "b-error", role: "alert" }, error),
    block.hint && h("p", { id: `${id}-hint`, class: "b-hint" }, textObject(block.hint)),
  );
}

function typing(el) {
  return el.type in TYPES || el.type === "rich_text_input";
}

function counter(el, held) {
  if (!el.max_length) return null;
  const length = [...(held?.value ?? "")].length;
  if (length < el.max_length * COUNTED_FROM) return null;
  return h("span", { class: length > el.max_length ? "b-counter over" : "b-counter" }, `${length} of ${el.max_length}`);
}

function text(block, el, surface, label) {
  const many = el.multiline || el.type === "rich_text_input";
  return h(many ? "textarea" : "input", {
    id: label.id,
    type: many ? null : TYPES[el.type],
    inputmode: el.type === "number_input" ? "decimal" : null,
    rows: many ? 5 : null,
    class: "text-input",
    dir: "auto",
    placeholder: el.placeholder && unescape(el.placeholder.text),
    "aria-describedby": label.describedby,
    "aria-invalid": label.invalid ? "true" : null,
    ...marks(block, el),
    prop: { value: shown(el, surface.value(block, el)) },
    onmount: (input) => el.focus_on_load && input.focus(),
    on: {
      input: (event) => typed(block, el, surface, event.target.value),
      keydown: (event) => entered(block, el, surface, event),
    },
  });
}

function shown(el, held) {
  if (el.type !== "rich_text_input") return held.value ?? "";
  return held.rich_text_value?.elements[0].elements[0].text ?? "";
}

function stored(el, value) {
  if (el.type !== "rich_text_input") return { value: value === "" ? null : value };
  const part = { type: "rich_text_section", elements: [{ type: "text", text: value }] };
  return { rich_text_value: value === "" ? null : { type: "rich_text", elements: [part] } };
}

function triggers(block, el, when) {
  const on = el.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return block.dispatch_action && on.includes(when);
}

let timer = null;

function typed(block, el, surface, value) {
  surface.set(block, el, stored(el, value), { quiet: true });
  if (!triggers(block, el, "on_character_entered")) return;
  clearTimeout(timer);
  timer = setTimeout(() => surface.act(block, el, { value }), DISPATCH_AFTER_MS);
}

function entered(block, el, surface, event) {
  const plainEnter = event.key === "Enter" && !event.ctrlKey && !event.metaKey && !el.multiline;
  if (!plainEnter || !triggers(block, el, "on_enter_pressed")) return;
  event.preventDefault();
  surface.act(block, el, { value: event.target.value });
}
