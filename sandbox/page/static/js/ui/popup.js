/**
 * One floating layer for menus, lists and pickers, placed beside its anchor in the browser's top
 * layer, so that no scrolling pane cuts it off.
 */
import { h, render } from "./vdom.js";

const GAP = 4;
const EDGE = 8;
let current = null;

/**
 * @param {HTMLElement} anchor
 * @param {() => object|object[]} draw
 * @param {{closed?: () => void, frame?: HTMLElement}} [options] frame: what the layer is as wide as
 * @returns {{redraw: () => void, close: () => void, el: HTMLElement}}
 */
export function openPopup(anchor, draw, { closed = () => {}, frame = null } = {}) {
  closePopup();
  const el = document.createElement("div");
  el.className = "popup";
  if ("showPopover" in el) el.popover = "manual";
  document.body.append(el);
  el.showPopover?.();
  const own = { anchor, el, closed, frame, drawn: [] };
  current = own;
  const redraw = () => {
    own.drawn = render(el, own.drawn, draw());
    place(own);
  };
  redraw();
  return { redraw, close: () => current === own && closePopup(), el };
}

export function closePopup() {
  if (!current) return false;
  const { el, closed } = current;
  current = null;
  el.remove();
  closed();
  return true;
}

export function popupAnchor() {
  return current?.anchor ?? null;
}

function place({ anchor, el, frame }) {
  if (!anchor.isConnected) return closePopup();
  const at = (frame ?? anchor).getBoundingClientRect();
  if (frame) el.style.minWidth = `${at.width}px`;
  const below = innerHeight - at.bottom - GAP - EDGE;
  const above = at.top - GAP - EDGE;
  const up = el.scrollHeight > below && above > below;
  el.style.maxHeight = `${Math.max(120, up ? above : below)}px`;
  const left = Math.min(at.left, innerWidth - el.offsetWidth - EDGE);
  el.style.left = `${Math.max(EDGE, left)}px`;
  el.style.top = `${up ? at.top - GAP - el.offsetHeight : at.bottom + GAP}px`;
  return true;
}

function outside(event) {
  if (!current) return;
  const inside = current.el.contains(event.target) || current.anchor.contains(event.target);
  if (!inside) closePopup();
}

function escape(event) {
  if (event.key !== "Escape" || !current) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { anchor } = current;
  closePopup();
  anchor.focus();
}

document.addEventListener("pointerdown", outside, true);
document.addEventListener("keydown", escape, true);
document.addEventListener("scroll", (event) => current && !current.el.contains(event.target) && place(current), true);
addEventListener("resize", () => current && place(current));

/**
 * A menu of actions with arrow keys.
 * @param {{label: string, run: () => void, note?: string, checked?: boolean, tone?: string,
 *   testid?: string, value?: string, divider?: boolean}[]} items
 */
export function openMenu(anchor, label, items) {
  if (popupAnchor() === anchor) return closePopup();
  anchor.setAttribute("aria-expanded", "true");
  const popup = openPopup(anchor, () => menu(label, items, anchor), {
    closed: () => anchor.setAttribute("aria-expanded", "false"),
  });
  popup.el.querySelector("[role^=menuitem]")?.focus();
  return true;
}

function menu(label, items, anchor) {
  return h(
    "div",
    { class: "menu", role: "menu", "aria-label": label, on: { keydown: walk } },
    items.map((item) => [item.divider && h("hr", { class: "menu-line" }), menuItem(item, anchor)]),
  );
}

function menuItem(item, anchor) {
  const run = () => {
    closePopup();
    anchor.focus();
    item.run();
  };
  const toggled = item.checked !== undefined;
  return h(
    "button",
    {
      type: "button",
      class: `menu-item${item.tone ? ` tone-${item.tone}` : ""}`,
      role: toggled ? "menuitemcheckbox" : "menuitem",
      "aria-checked": toggled ? String(item.checked) : null,
      "data-testid": item.testid,
      "data-value": item.value,
      tabindex: "-1",
      on: { click: run },
    },
    h("span", { class: "menu-label" }, item.label),
    item.note && h("span", { class: "menu-note" }, item.note),
  );
}

function walk(event) {
  const items = [...event.currentTarget.querySelectorAll("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Tab") closePopup();
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
}
