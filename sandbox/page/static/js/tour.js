/** Six steps for a stranger: a strip under the bar that covers nothing, with a ring on its subject. */
import { draftName } from "./network/acts.js";
import { change, state } from "./state.js";
import { icon } from "./ui/icons.js";
import { h } from "./ui/vdom.js";

const STEPS = [
  {
    at: "composer",
    pane: "customers",
    title: "Write as a customer.",
    text: "On the left are small social networks. Ask the shop about a parcel, in public.",
    sample: "Hello @brightleaf, my parcel has not arrived. Where is it?",
  },
  {
    at: "slack",
    pane: "slack",
    title: "Answer from Slack.",
    text: "A card appears in a channel: who, where, what, how urgent, and why here. Claim it and press Reply: the window shows where your answer will appear.",
  },
  {
    at: "slack",
    pane: "slack",
    title: "Ask why.",
    text: "Why here? in a card’s ⋯ menu tells which rule decided, what it saw, and why no other did. Was it wrong? Should have been … notes it for those who look after the rules. A 💡 is an article that answers: Use it puts it into your reply.",
  },
  {
    at: "composer",
    pane: "customers",
    title: "Now something private.",
    text: "Publish a card number. The case goes to the private channel; be Ioana to see it. Nobody else does.",
    sample: "@brightleaf you charged me twice! My card is 4111 1111 1111 1111",
  },
  {
    at: "helpdesk",
    pane: "helpdesk",
    title: "Hand it to the helpdesk.",
    text: "Ask about a warranty in private, and a ticket opens here, in the tool of another team. Answer it in public: the customer has it in their messages.",
    sample: "Hello, is my oak stool still under warranty?",
    visibility: "direct",
  },
  {
    at: "break",
    pane: "slack",
    title: "Break something.",
    text: "Take the network down or kill the bot in the middle of an answer. Nothing is lost and nothing is sent twice.",
  },
];

export function openTour() {
  change((s) => {
    s.ui.tourClosed = false;
    s.ui.tourStep = 0;
  });
}

function closeTour() {
  change((s) => (s.ui.tourClosed = true));
}

function goTo(step) {
  if (step >= STEPS.length) return closeTour();
  return change((s) => {
    s.ui.tourStep = step;
    s.ui.pane = STEPS[step].pane;
  });
}

function fillIn({ sample, visibility = "public" }) {
  change((s) => {
    Object.assign(s.ui, { context: null, feedView: "feed", visibility, pane: "customers" });
    s.ui.drafts[draftName(s)] = sample;
  });
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector("#composer-text")?.focus()));
}

export function tour() {
  if (state.ui.tourClosed) return null;
  const at = Math.min(state.ui.tourStep, STEPS.length - 1);
  const step = STEPS[at];
  return h(
    "section",
    { key: "tour", class: "tour", "aria-label": "Tour", "data-testid": "tour", on: { keydown: (event) => event.key === "Escape" && closeTour() } },
    h("ol", { class: "tour-dots", "aria-hidden": "true" }, STEPS.map((_, index) => h("li", { class: index === at ? "now" : index < at ? "done" : "" }))),
    h("p", { class: "tour-text", "aria-live": "polite" }, h("span", { class: "visually-hidden" }, `Step ${at + 1} of ${STEPS.length}. `), h("strong", null, step.title), " ", step.text),
    h(
      "div",
      { class: "tour-buttons" },
      step.sample && h("button", { type: "button", class: "tour-sample", "data-testid": "tour-sample", on: { click: () => fillIn(step) } }, "Fill it in for me"),
      at > 0 && h("button", { type: "button", class: "button small", on: { click: () => goTo(at - 1) } }, "Back"),
      h("button", { type: "button", class: "button small primary", "data-testid": "tour-next", on: { click: () => goTo(at + 1) } }, at === STEPS.length - 1 ? "Done" : "Next"),
    ),
    h("button", { type: "button", class: "icon-button", "aria-label": "Close the tour", "data-testid": "tour-close", on: { click: closeTour } }, icon("close")),
  );
}

/** What the ring is drawn around, as an attribute of the page. */
export function tourSubject() {
  return state.ui.tourClosed ? "" : STEPS[Math.min(state.ui.tourStep, STEPS.length - 1)].at;
}
