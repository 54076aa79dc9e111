/** Block Kit's interactive elements. For what a surface offers see blocks.js. */
import { h } from "../ui/vdom.js";
import { icon } from "../ui/icons.js";
import { openMenu } from "../ui/popup.js";
import { agreed, marks } from "./asking.js";
import { textObject, unescape } from "./mrkdwn.js";
import { picture } from "./picture.js";
import { select } from "./selects.js";

const DRAWN = {
  button,
  overflow,
  image: (block, el) => picture(el, "b-accessory-image"),
  radio_buttons: (block, el, surface, label) => options(block, el, surface, label, "radio"),
  checkboxes: (block, el, surface, label) => options(block, el, surface, label, "checkbox"),
  datepicker: (block, el, surface, label) => moment(block, el, surface, label, "date", "selected_date"),
  timepicker: (block, el, surface, label) => moment(block, el, surface, label, "time", "selected_time"),
  datetimepicker,
  feedback_buttons: feedback,
  icon_button: (block, el, surface) => button(block, { ...el, type: "button" }, surface),
};

/**
 * @param {{id?: string, labelledby?: string, describedby?: string, invalid?: boolean}} [label]
 *   how an input block names the element
 */
export function element(block, el, surface, label = {}) {
  if (el.type.endsWith("_select")) return select(block, el, surface, label);
  const draw = DRAWN[el.type];
  return draw ? draw(block, el, surface, label) : h("span", { class: "b-unknown" }, `“${el.type}” cannot be drawn here.`);
}

function button(block, el, surface) {
  const press = async (event) => {
    if (event.currentTarget.getAttribute("aria-disabled") === "true") return;
    if (await agreed(el)) surface.act(block, el, el.value === undefined ? {} : { value: el.value });
  };
  const style = el.style ? ` ${el.style}` : "";
  const busy = surface.busy?.(block, el) ?? false;
  const props = {
    class: `button b-button${style}${busy ? " busy" : ""}`,
    "aria-label": el.accessibility_label,
    ...marks(block, el),
    on: { click: press },
  };
  if (!el.url) return h("button", { type: "button", "aria-disabled": busy ? "true" : null, ...props }, textObject(el.text));
  const safe = /^https?:/i.test(el.url) ? el.url : null;
  return h("a", { ...props, href: safe, target: "_blank", rel: "noopener noreferrer" }, textObject(el.text));
}

function overflow(block, el, surface) {
  const pick = async (option) => {
    if (await agreed(el)) surface.act(block, el, { selected_option: option });
  };
  const items = el.options.map((option) => ({
    label: unescape(option.text.text),
    note: option.description && unescape(option.description.text),
    value: option.value,
    run: () => pick(option),
  }));
  return h(
    "button",
    {
      type: "button",
      class: "button b-overflow",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      ...marks(block, el),
      on: { click: (event) => openMenu(event.currentTarget, "More actions", items) },
    },
    icon("more"),
  );
}

function feedback(block, el, surface) {
  const one = (side) => side && button(block, { ...side, type: "button", action_id: el.action_id }, surface);
  return h("span", { class: "b-feedback" }, one(el.positive_button), one(el.negative_button));
}

function options(block, el, surface, label, type) {
  const held = surface.value(block, el);
  const chosen = type === "radio" ? [held.selected_option?.value] : held.selected_options.map((one) => one.value);
  const name = `${surface.key}-${block.block_id}-${el.action_id}`;
  const toggle = (option, on) => {
    if (type === "radio") return surface.set(block, el, { selected_option: option });
    const rest = held.selected_options.filter((one) => one.value !== option.value);
    return surface.set(block, el, { selected_options: on ? [...rest, option] : rest });
  };
  return h(
    "div",
    {
      class: "b-options",
      role: type === "radio" ? "radiogroup" : "group",
      "aria-labelledby": label.labelledby,
      "aria-describedby": label.describedby,
      ...marks(block, el),
    },
    el.options.map((option, index) =>
      h(
        "label",
        { class: "b-option" },
        h("input", {
          type,
          name,
          value: option.value,
          prop: { checked: chosen.includes(option.value) },
          onmount: (input) => el.focus_on_load && index === 0 && input.focus(),
          on: { change: (event) => toggle(option, event.target.checked) },
        }),
        h(
          "span",
          null,
          h("span", { class: "b-option-text" }, textObject(option.text)),
          option.description && h("span", { class: "b-option-note" }, textObject(option.description)),
        ),
      ),
    ),
  );
}

function moment(block, el, surface, label, type, name) {
  return h("input", {
    type,
    id: label.id,
    class: "text-input b-moment",
    "aria-label": label.labelledby ? null : (el.placeholder?.text ?? type),
    "aria-labelledby": label.labelledby,
    "aria-describedby": label.describedby,
    ...marks(block, el),
    prop: { value: surface.value(block, el)[name] ?? "" },
    on: { change: (event) => surface.set(block, el, { [name]: event.target.value || null }) },
  });
}

function datetimepicker(block, el, surface, label) {
  const held = surface.value(block, el).selected_date_time;
  const local = held ? new Date(held * 1000 - new Date(held * 1000).getTimezoneOffset() * 60000) : null;
  const set = (event) => {
    const seconds = Math.floor(new Date(event.target.value).getTime() / 1000);
    surface.set(block, el, { selected_date_time: Number.isFinite(seconds) ? seconds : null });
  };
  return h("input", {
    type: "datetime-local",
    id: label.id,
    class: "text-input b-moment",
    "aria-labelledby": label.labelledby,
    ...marks(block, el),
    prop: { value: local ? local.toISOString().slice(0, 16) : "" },
    on: { change: set },
  });
}
