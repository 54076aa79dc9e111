/** Where a customer writes: as whom, who may see it, in answer to what. */
import { change, state } from "../state.js";
import { icon } from "../ui/icons.js";
import { h } from "../ui/vdom.js";
import { writer } from "../ui/writer.js";
import { becomeCustomer, draftName, leaveContext, publish } from "./acts.js";
import { network } from "./networks.js";
import { personOf } from "./post.js";

export function composer() {
  const { context, feedView, customer } = state.ui;
  const messages = feedView === "messages";
  return h(
    "section",
    { class: "composer", "aria-label": "Write as a customer", "data-tour": "composer" },
    context && contextLine(context),
    h(
      "div",
      { class: "composer-who" },
      h("span", { class: "composer-word", "aria-hidden": "true" }, "Write as"),
      customerSelect(customer),
      h("span", { class: "composer-word", "aria-hidden": "true" }, "in"),
      visibilitySelect(messages, context),
    ),
    writer({
      id: "composer-text",
      draft: draftName(state),
      label: messages ? "Private message to Brightleaf" : "Your post",
      placeholder: placeholder(messages, context),
      sendLabel: context?.kind === "edit" ? "Save" : "Post",
      enterSends: false,
      testid: "composer-text",
      sendTestid: "composer-send",
      cancel: context ? leaveContext : null,
      tools: lengthLeft(),
      send: publish,
    }),
  );
}

function placeholder(messages, context) {
  if (context?.kind === "edit") return "Change what you wrote…";
  if (context) return "Your reply…";
  return messages ? "Write privately to Brightleaf…" : network(state.ui.network).prompt;
}

function contextLine(context) {
  const editing = context.kind === "edit";
  return h(
    "p",
    { class: "composer-context" },
    icon(editing ? "pen" : "reply"),
    h("span", null, editing ? "Editing your post" : ["Replying to ", h("bdi", null, personOf(context.author).display_name)]),
    h("button", { type: "button", class: "icon-button", "aria-label": editing ? "Stop editing" : "Do not reply", on: { click: leaveContext } }, icon("close")),
  );
}

function customerSelect(customer) {
  return h(
    "span",
    { class: "select" },
    h(
      "select",
      {
        "aria-label": "Write as",
        "data-testid": "composer-customer",
        prop: { value: customer },
        on: { change: (event) => becomeCustomer(event.target.value) },
      },
      state.network.customers.map((one) =>
        h("option", { key: one.acct, value: one.acct }, [one.display_name, one.language].filter(Boolean).join(" · ")),
      ),
    ),
    icon("down"),
  );
}

function visibilitySelect(messages, context) {
  const { visibilities } = network(state.ui.network);
  return h(
    "span",
    { class: "select" },
    h(
      "select",
      {
        "aria-label": "Who may see it",
        "data-testid": "composer-visibility",
        prop: { value: messages ? "direct" : state.ui.visibility, disabled: messages || context?.kind === "edit" },
        on: { change: (event) => change((s) => (s.ui.visibility = event.target.value)) },
      },
      visibilities.map((one) => h("option", { key: one.id, value: one.id, title: one.note }, one.label)),
    ),
    icon("down"),
  );
}

function lengthLeft() {
  const most = network(state.ui.network).maxLength;
  const length = [...(state.ui.drafts[draftName(state)] ?? "")].length;
  if (length < most - 120) return null;
  return h("span", { class: length > most ? "b-counter over" : "b-counter" }, `${length} of ${most}`);
}
