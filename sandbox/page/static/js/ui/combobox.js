/** A list to choose from by typing, arrows or pointer; one or several choices. */
import { h } from "./vdom.js";
import { icon } from "./icons.js";
import { closePopup, openPopup } from "./popup.js";

const ASK_AFTER_MS = 150;
let serial = 0;

/**
 * @typedef {{key: string, label: string, note?: string, group?: string}} Choice
 * @param {{id: string, label?: string, labelledby?: string, describedby?: string, invalid?: boolean,
 *   placeholder: string, chosen: Choice[], many?: boolean, atLeast?: number, focus?: boolean,
 *   data?: object, load: (typed: string) => Choice[]|Promise<Choice[]>,
 *   set: (chosen: Choice[]) => void}} props  atLeast: letters to type before asking
 */
export function combobox(props) {
  const shown = props.many ? "" : (props.chosen[0]?.label ?? "");
  const sync = (el) => {
    el.combo ??= { open: null, typed: "", active: 0, found: [], note: "" };
    el.combo.props = props;
    if (!el.combo.open) el.value = shown;
  };
  const mount = (el) => {
    sync(el);
    if (props.focus) el.focus();
  };
  return h(
    "div",
    { class: "combo" },
    props.many && props.chosen.map((choice) => chip(choice, props)),
    h("input", {
      key: "input",
      ...inputProps(props),
      onmount: mount,
      onrefresh: sync,
      onremove: (el) => el.combo.open?.close(),
      on: { click: toggle, input: typed, keydown: keys, blur: (event) => leave(event.target) },
    }),
    icon("down"),
  );
}

function inputProps(props) {
  return {
    id: props.id,
    class: "combo-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    dir: "auto",
    placeholder: props.many && props.chosen.length ? "" : props.placeholder,
    "aria-label": props.label,
    "aria-labelledby": props.labelledby,
    "aria-describedby": props.describedby,
    "aria-invalid": props.invalid ? "true" : null,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    ...props.data,
  };
}

function chip(choice, props) {
  const without = () => props.set(props.chosen.filter((one) => one.key !== choice.key));
  return h(
    "span",
    { key: `chip-${choice.key}`, class: "chip" },
    choice.label,
    h("button", { type: "button", "aria-label": `Remove ${choice.label}`, on: { click: without } }, icon("close")),
  );
}

function toggle(event) {
  const input = event.target;
  if (input.combo.open) return;
  input.select();
  open(input);
}

function open(input) {
  const combo = input.combo;
  const id = `list-${++serial}`;
  combo.typed = "";
  combo.open = openPopup(input, () => listbox(input, id), { frame: input.closest(".combo"), closed: () => shut(input) });
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", id);
  search(input);
}

function shut(input) {
  const { props } = input.combo;
  input.combo.open = null;
  input.value = props.many ? "" : (props.chosen[0]?.label ?? "");
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function leave(input) {
  // A press on the list blurs the field first; the list's own handler closes it.
  if (input.combo.open && !input.combo.open.el.matches(":hover")) closePopup();
}

function typed(event) {
  const input = event.target;
  const text = input.value;
  if (!input.combo.open) open(input);
  input.combo.typed = text;
  input.value = text;
  clearTimeout(input.combo.timer);
  input.combo.timer = setTimeout(() => search(input), ASK_AFTER_MS);
}

async function search(input) {
  const { combo } = input;
  const asked = combo.typed;
  const missing = (combo.props.atLeast ?? 0) - asked.length;
  if (missing > 0) return show(input, [], `Type ${missing} more ${missing === 1 ? "letter" : "letters"}`);
  const answer = combo.props.load(asked);
  if (answer instanceof Promise) show(input, [], "Searching…");
  const found = await answer;
  if (combo.typed === asked) show(input, found, found.length ? "" : "Nothing found");
}

function show(input, found, note) {
  const { combo } = input;
  combo.found = found;
  combo.note = note;
  const at = found.findIndex((choice) => combo.props.chosen.some((one) => one.key === choice.key));
  combo.active = Math.max(at, 0);
  combo.open?.redraw();
}

function listbox(input, id) {
  const { combo } = input;
  return h(
    "div",
    { class: "listbox", role: "listbox", id, "aria-label": combo.props.label ?? "Choices", "aria-multiselectable": combo.props.many ? "true" : null },
    combo.note && h("p", { class: "listbox-note" }, combo.note),
    combo.found.map((choice, index) => [
      choice.group && choice.group !== combo.found[index - 1]?.group && h("p", { class: "listbox-group" }, choice.group),
      option(input, choice, index, id),
    ]),
  );
}

function option(input, choice, index, id) {
  const { combo } = input;
  const chosen = combo.props.chosen.some((one) => one.key === choice.key);
  const active = index === combo.active;
  if (active) input.setAttribute("aria-activedescendant", `${id}-${index}`);
  const scroll = (el) => active && el.scrollIntoView({ block: "nearest" });
  return h(
    "div",
    {
      id: `${id}-${index}`,
      class: `listbox-option${active ? " active" : ""}`,
      role: "option",
      dir: "auto",
      "aria-selected": String(chosen),
      "data-value": choice.key,
      onrefresh: scroll,
      on: { pointerdown: (event) => event.preventDefault(), click: () => pick(input, choice) },
    },
    h("span", { class: "listbox-label" }, choice.label),
    choice.note && h("span", { class: "listbox-note" }, choice.note),
    chosen && icon("check"),
  );
}

function pick(input, choice) {
  const { props } = input.combo;
  if (!props.many) {
    props.chosen = [choice];
    closePopup();
    input.focus();
    return props.set([choice]);
  }
  const without = props.chosen.filter((one) => one.key !== choice.key);
  props.chosen = without.length < props.chosen.length ? without : [...props.chosen, choice];
  input.combo.typed = input.value = "";
  search(input);
  return props.set(props.chosen);
}

function keys(event) {
  const input = event.target;
  const { combo } = input;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    if (!combo.open) return open(input);
    combo.active = (combo.active + step + combo.found.length) % Math.max(combo.found.length, 1);
    return combo.open.redraw();
  }
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (!combo.open) return open(input);
    if (combo.found[combo.active]) pick(input, combo.found[combo.active]);
  }
  if (event.key === "Backspace" && !input.value && combo.props.many) combo.props.set(combo.props.chosen.slice(0, -1));
  return undefined;
}
