/** The thin bar on top: the story, what is broken, light or dark, help. */
import { post } from "./api.js";
import { breakButton } from "./breaking.js";
import { refetchAll } from "./live.js";
import { change, state } from "./state.js";
import { ask } from "./ui/confirm.js";
import { icon } from "./ui/icons.js";
import { toast } from "./ui/toast.js";
import { h } from "./ui/vdom.js";
import { openTour } from "./tour.js";

const SPEEDS = [0.5, 1, 2, 5, 10];

export function topbar() {
  return h(
    "header",
    { class: "bar" },
    h("h1", { class: "mark" }, mark(), h("span", { class: "mark-name" }, "Tierdesk"), h("span", { class: "mark-kind" }, "sandbox")),
    story(),
    h("span", { class: "bar-gap" }),
    !state.ui.connected && h("span", { class: "bar-offline", role: "status" }, icon("warning"), "Reconnecting…"),
    breakButton(),
    themeButton(),
    iconButton("help", "Show the tour", openTour, "tour-open"),
  );
}

function mark() {
  return h("svg", { class: "mark-sign", viewBox: "0 0 24 24", "aria-hidden": "true" }, [
    h("rect", { x: "3", y: "4", width: "18", height: "4", rx: "1.5", class: "mark-1" }),
    h("rect", { x: "3", y: "10", width: "13", height: "4", rx: "1.5", class: "mark-2" }),
    h("rect", { x: "3", y: "16", width: "8", height: "4", rx: "1.5", class: "mark-3" }),
  ]);
}

function iconButton(sign, label, run, testid, pressed) {
  return h(
    "button",
    {
      type: "button",
      class: "bar-button square",
      "aria-label": label,
      title: label,
      "data-testid": testid,
      "aria-pressed": pressed,
      on: { click: run },
    },
    icon(sign),
  );
}

function story() {
  const { playing = false, speed = 1, step = 0, of = 0 } = state.story ?? {};
  return h(
    "div",
    { class: "story", role: "group", "aria-label": "Story", "data-tour": "story" },
    iconButton(playing ? "pause" : "play", playing ? "Pause the story" : "Play the story", () => tell({ action: playing ? "pause" : "play" }), "story-toggle"),
    h(
      "span",
      { class: "story-where" },
      h("span", { class: "story-word" }, playing ? "Story playing" : step >= of && of ? "Story told" : "Story paused"),
      h("progress", { class: "story-progress", max: String(of || 1), prop: { value: step }, "aria-label": "Story" }),
      h("span", { class: "story-step" }, `${step} of ${of}`),
    ),
    speedSelect(speed),
    iconButton("reset", "Reset everything", reset, "story-reset"),
  );
}

function speedSelect(speed) {
  const speeds = SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed].sort((one, other) => one - other);
  return h(
    "span",
    { class: "select select-bar" },
    h(
      "select",
      {
        "aria-label": "Speed of the story",
        "data-testid": "story-speed",
        prop: { value: String(speed) },
        on: { change: (event) => tell({ action: "speed", speed: Number(event.target.value) }) },
      },
      speeds.map((one) => h("option", { key: one, value: String(one) }, `${one}×`)),
    ),
    icon("down"),
  );
}

async function tell(order) {
  const answer = await post("/sandbox/story", order);
  if (!answer.ok) toast("The story did not answer.", null, "warning");
  refetchAll();
}

async function reset() {
  const sure = await ask({
    title: "Start over?",
    text: "Every post, message and case in this sandbox goes back to the beginning.",
    confirm: "Start over",
    deny: "Keep going",
    danger: true,
  });
  if (!sure) return;
  const answer = await post("/sandbox/reset");
  if (!answer.ok) return toast("The sandbox could not be reset.", null, "warning");
  change((s) => Object.assign(s.ui, { drafts: {}, lastRead: {}, seenDms: {}, news: {}, ticket: null, ticketsRead: {}, warnings: {}, thread: null, context: null }));
  refetchAll();
}

function isDark() {
  const { theme } = state.ui;
  return theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

function themeButton() {
  const dark = isDark();
  const next = dark ? "light" : "dark";
  return iconButton(dark ? "sun" : "moon", `Use the ${next} colours`, () => change((s) => (s.ui.theme = next)), "theme-toggle");
}

/** Put the chosen colours on the page. */
export function applyTheme() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
}
