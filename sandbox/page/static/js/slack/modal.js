/** A window (Slack's modal) over the workspace; what is typed survives every update. */
import { sentence } from "../api.js";
import { blocks } from "../blocks/blocks.js";
import { textObject } from "../blocks/mrkdwn.js";
import { collect, problems } from "../blocks/values.js";
import { change, state } from "../state.js";
import { icon } from "../ui/icons.js";
import { popupAnchor } from "../ui/popup.js";
import { h } from "../ui/vdom.js";
import { act } from "./acts.js";
import { forget, viewSurface } from "./surfaces.js";

/** Per window: what the reader must put right, what went wrong, whether an answer is awaited. */
const notes = new Map();
let openedFrom = null;

function noteOf(view) {
  if (!notes.has(view.id)) notes.set(view.id, { errors: null, told: view.errors, failed: null, waiting: false });
  const note = notes.get(view.id);
  if (note.told !== JSON.stringify(view.errors ?? null)) {
    note.told = JSON.stringify(view.errors ?? null);
    note.errors = view.errors;
  }
  return note;
}

export function modal() {
  const views = state.slack.views ?? [];
  forgetClosed(views);
  const view = views.at(-1);
  return view ? h("div", { key: "window", class: "window-layer" }, dialog(view, noteOf(view))) : null;
}

function forgetClosed(views) {
  const open = views.map((view) => view.id);
  for (const id of notes.keys()) if (!open.includes(id)) notes.delete(id);
  forget([...open, state.slack.home?.id].filter(Boolean));
}

function dialog(view, note) {
  const report = (text) => change(() => (note.failed = text));
  const surface = viewSurface(view, note.errors, report);
  return h(
    "form",
    {
      key: view.id,
      class: "window",
      role: "dialog",
      "aria-labelledby": `title-${view.id}`,
      "data-testid": "modal",
      "data-callback-id": view.callback_id,
      novalidate: true,
      tabindex: "-1",
      onmount: focusInside,
      onremove: focusBack,
      on: { keydown: (event) => keys(event, view, note, surface), submit: (event) => event.preventDefault() },
    },
    head(view, note),
    h("div", { class: "window-body", tabindex: "-1" }, blocks(view.blocks, surface)),
    note.failed && h("p", { class: "message-warning window-warning", role: "alert" }, icon("warning"), note.failed),
    foot(view, note, surface),
  );
}

function head(view, note) {
  return h(
    "header",
    { class: "window-head" },
    h("h2", { id: `title-${view.id}`, class: "window-title" }, textObject(view.title)),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Close",
        "data-testid": "modal-close",
        on: { click: () => close(view, note) },
      },
      icon("close"),
    ),
  );
}

function foot(view, note, surface) {
  const words = (object, otherwise) => (object ? textObject(object) : [otherwise]);
  return h(
    "footer",
    { class: "window-foot" },
    h("button", { type: "button", class: "button", "data-testid": "modal-cancel", on: { click: () => close(view, note) } }, words(view.close, "Close")),
    view.submit &&
      h(
        "button",
        {
          type: "button",
          class: `button primary${note.waiting ? " busy" : ""}`,
          "data-testid": "modal-submit",
          "aria-disabled": String(note.waiting),
          on: { click: () => submit(view, note, surface) },
        },
        words(view.submit, "Submit"),
      ),
  );
}

async function submit(view, note, surface) {
  if (note.waiting) return;
  const found = problems(view.blocks, surface.value);
  change(() => Object.assign(note, { errors: found, failed: null, waiting: Object.keys(found).length === 0 }));
  if (!note.waiting) return showFirstError();
  const answer = await act("submit", { view_id: view.id, values: collect(view.blocks, surface.value) });
  const errors = answer.errors ?? null;
  change(() => Object.assign(note, { waiting: false, errors, failed: failure(answer, errors) }));
  if (errors) showFirstError();
}

function failure(answer, errors) {
  if (answer.ok || errors) return null;
  return `${sentence(answer.error)} What you typed is still here; try again.`;
}

function showFirstError() {
  requestAnimationFrame(() => {
    const field = document.querySelector(".window .b-input.invalid");
    field?.scrollIntoView({ block: "nearest" });
    field?.querySelector("input, textarea")?.focus();
  });
}

async function close(view, note) {
  const answer = await act("close_view", { view_id: view.id });
  if (!answer.ok && answer.error !== "operation_timeout") change(() => (note.failed = sentence(answer.error)));
}

function keys(event, view, note, surface) {
  if (event.key === "Escape" && !popupAnchor()) {
    event.preventDefault();
    close(view, note);
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && view.submit) {
    event.preventDefault();
    submit(view, note, surface);
  }
  // Enter in a one-line field must not press the first button of the form.
  if (event.key === "Enter" && event.target.matches("input[type=text], input[type=email], input[type=url]")) {
    event.preventDefault();
  }
}

function focusInside(el) {
  openedFrom ??= document.activeElement;
  if (el.contains(document.activeElement)) return;
  // A menu outside a field may stand below the fold: a window to read opens at its beginning.
  const first = el.querySelector(".b-input :is(input, textarea, select):not([type=radio]:not(:checked))");
  (first ?? el).focus();
}

function focusBack() {
  const from = openedFrom;
  openedFrom = null;
  requestAnimationFrame(() => {
    if (from?.isConnected && !document.querySelector(".window")) from.focus();
  });
}
