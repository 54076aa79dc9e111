/** Reactions under a message and the picker to add one. */
import { emoji, PICKED } from "../blocks/emoji.js";
import { userName } from "../blocks/names.js";
import { state } from "../state.js";
import { icon } from "../ui/icons.js";
import { closePopup, openPopup, popupAnchor } from "../ui/popup.js";
import { h } from "../ui/vdom.js";
import { toggleReaction } from "./acts.js";

export function reactions(message) {
  const given = (message.reactions ?? []).filter((one) => one.users.length);
  if (!given.length) return null;
  return h("div", { class: "reactions" }, given.map((one) => chip(message, one)), addButton(message, "reaction add"));
}

function chip(message, { name, users }) {
  const mine = users.includes(state.ui.agent);
  const who = users.map((id) => userName(id)).join(", ");
  return h(
    "button",
    {
      key: name,
      type: "button",
      class: "reaction",
      "data-testid": `reaction-${message.ts}-${name}`,
      "aria-pressed": String(mine),
      "aria-label": `${name.replaceAll("_", " ")}: ${users.length}, by ${who}`,
      title: `${who} · :${name}:`,
      on: { click: () => toggleReaction(message, name) },
    },
    h("span", { "aria-hidden": "true" }, emoji(name)),
    h("span", { class: "reaction-count" }, users.length),
  );
}

/** The button that opens the picker. */
export function addButton(message, name = "icon-button") {
  return h(
    "button",
    {
      type: "button",
      class: name,
      "data-testid": name.includes("add") ? null : `react-${message.ts}`,
      "aria-label": "Add a reaction",
      title: "Add a reaction",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: (event) => openPicker(event.currentTarget, message) },
    },
    icon("smile"),
  );
}

function openPicker(anchor, message) {
  if (popupAnchor() === anchor) return closePopup();
  const pick = (name) => {
    closePopup();
    anchor.focus();
    toggleReaction(message, name);
  };
  const popup = openPopup(anchor, () => picker(pick));
  popup.el.querySelector("button").focus();
  return true;
}

const COLUMNS = 8;

function picker(pick) {
  return h(
    "div",
    { class: "picker", role: "menu", "aria-label": "Reactions", on: { keydown: walk } },
    PICKED.map((name) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          class: "picker-sign",
          "data-value": name,
          "aria-label": name.replaceAll("_", " "),
          title: `:${name}:`,
          on: { click: () => pick(name) },
        },
        emoji(name),
      ),
    ),
  );
}

function walk(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
  if (!step) return;
  event.preventDefault();
  const signs = [...event.currentTarget.children];
  signs[(signs.indexOf(document.activeElement) + step + signs.length) % signs.length].focus();
}
