/** Short notices in the corner; read out politely, gone by themselves after a while. */
import { h } from "./vdom.js";
import { icon } from "./icons.js";
import { change, state } from "../state.js";

const SHOWN_MS = 7000;
const AT_ONCE = 2;
let next = 1;

/** @param {{label: string, run: () => void}} [offer] one thing the reader can do about it */
export function toast(text, offer = null, tone = "plain") {
  const id = next++;
  change((s) => (s.ui.toasts = [...s.ui.toasts, { id, text, offer, tone }].slice(-AT_ONCE)));
  setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id) {
  change((s) => {
    s.ui.toasts = s.ui.toasts.filter((one) => one.id !== id);
  });
}

export function toasts() {
  return h("div", { class: "toasts", role: "status", "aria-live": "polite" }, state.ui.toasts.map(oneToast));
}

function oneToast(one) {
  const run = () => {
    dismiss(one.id);
    one.offer.run();
  };
  return h(
    "div",
    { key: one.id, class: `toast toast-${one.tone}` },
    h("span", { class: "toast-text", dir: "auto" }, one.text),
    one.offer && h("button", { type: "button", class: "toast-offer", on: { click: run } }, one.offer.label),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => dismiss(one.id) } },
      icon("close"),
    ),
  );
}
