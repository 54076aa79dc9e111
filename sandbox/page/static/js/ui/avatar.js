import { h } from "./vdom.js";

/** A person's initials on their colour; `round` on the network, square in Slack. */
export function avatar(name, color, shape = "square") {
  return h(
    "span",
    { class: `avatar avatar-${shape}`, vars: { "--avatar": css(color) || hue(name) }, "aria-hidden": "true" },
    initials(name),
  );
}

/** Slack writes a colour as bare digits. */
function css(color) {
  return /^[0-9a-f]{6}$/i.test(color ?? "") ? `#${color}` : color;
}

function initials(name) {
  const words = String(name || "?").trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters.map((word) => [...word][0] ?? "").join("").toUpperCase();
}

function hue(name) {
  const sum = [...String(name)].reduce((total, letter) => total * 31 + letter.codePointAt(0), 7);
  return `hsl(${Math.abs(sum) % 360} 38% 38%)`;
}
