/** One ticket: its conversation, its state, and where somebody of the helpdesk writes. */
import { words } from "../network/post.js";
import { following, goToEnd } from "../slack/scroll.js";
import { state } from "../state.js";
import { clock, full } from "../time.js";
import { avatar } from "../ui/avatar.js";
import { icon } from "../ui/icons.js";
import { h } from "../ui/vdom.js";
import { writer } from "../ui/writer.js";
import { become, choose, openTicket, set, write } from "./acts.js";

const STATUS = { new: "New", open: "Open", pending: "Pending", hold: "On hold", solved: "Solved", closed: "Closed" };
const PRIORITY = { low: "Low", normal: "Normal", high: "High", urgent: "Urgent" };

export function stateChip(status) {
  return h("span", { class: `ticket-state ticket-state-${status}` }, STATUS[status] ?? status);
}

export function ticketView(ticket) {
  return h(
    "section",
    { key: ticket.id, class: "ticket", "aria-label": `Ticket ${ticket.id}` },
    head(ticket),
    h(
      "div",
      { class: "ticket-entries", role: "log", "aria-live": "polite", "aria-label": "Conversation", tabindex: "0", "data-testid": "ticket-entries", ...following(`ticket/${ticket.id}`) },
      ticket.entries.map(entry),
    ),
    ticket.status === "closed" ? h("p", { class: "ticket-closed" }, icon("lock"), "This ticket is closed for good.") : composer(ticket),
  );
}

function head(ticket) {
  const closed = ticket.status === "closed";
  return h(
    "header",
    { class: "ticket-head" },
    h(
      "div",
      { class: "ticket-title" },
      h("button", { type: "button", class: "icon-button ticket-back", "aria-label": "All tickets", "data-testid": "ticket-back", on: { click: () => openTicket(null) } }, icon("back")),
      h("h2", null, h("bdi", null, ticket.subject)),
      h("span", { class: "ticket-number" }, `#${ticket.id}`),
    ),
    h(
      "div",
      { class: "ticket-fields" },
      field("Status", "ticket-status", ticket.status, STATUS, closed, (status) => set(ticket, { status })),
      field("Priority", "ticket-priority", ticket.priority ?? "", { ...(!ticket.priority && { "": "None" }), ...PRIORITY }, closed, (priority) => set(ticket, { priority })),
      field("Assignee", "ticket-assignee", assignee(ticket), { ...(!assignee(ticket) && { "": "Nobody" }), ...people() }, closed, (who) => set(ticket, { assignee: who })),
    ),
  );
}

function people() {
  return Object.fromEntries(state.helpdesk.agents.map((one) => [one.acct, one.name]));
}

function assignee(ticket) {
  return state.helpdesk.agents.find((one) => one.acct === ticket.assignee?.split("@")[0])?.acct ?? "";
}

function field(label, testid, value, options, disabled, choose) {
  return h("label", { class: "ticket-field" }, h("span", null, label), select({ "data-testid": testid }, value, options, disabled, choose));
}

function select(props, value, options, disabled, chosen) {
  return h(
    "span",
    { class: "select" },
    h(
      "select",
      { ...props, prop: { value, disabled }, on: { change: (event) => event.target.value && chosen(event.target.value) } },
      Object.entries(options).map(([id, name]) => h("option", { key: id, value: id }, name)),
    ),
    icon("down"),
  );
}

function entry(one) {
  const at = new Date(one.created_at);
  const bot = one.author === "Tierdesk";
  return h(
    "article",
    { key: one.id, class: `entry ${one.public ? "entry-public" : "entry-note"}`, "data-testid": `entry-${one.id}`, "aria-label": `${one.author}, ${one.public ? "public answer" : "internal note"}, ${clock(at)}` },
    avatar(one.author, bot ? "0f766e" : null),
    h(
      "div",
      { class: "entry-body" },
      h(
        "p",
        { class: "entry-head" },
        h("bdi", { class: "post-name" }, one.author),
        h("span", { class: "entry-kind" }, icon(one.public ? "reply" : "lock"), one.public ? "Public answer" : "Internal note"),
        h("time", { datetime: one.created_at, title: full(at) }, clock(at)),
      ),
      words(one),
    ),
  );
}

function composer(ticket) {
  const writing = state.ui.ticketWriting;
  const note = writing === "note";
  return h(
    "section",
    { class: `ticket-composer${note ? " noting" : ""}`, "aria-label": "Answer the ticket" },
    h(
      "div",
      { class: "ticket-composer-who" },
      h("div", { class: "ticket-kinds", role: "group", "aria-label": "What to write" }, kind("reply", "Public answer", writing), kind("note", "Internal note", writing)),
      h("span", { class: "ticket-as" }, h("span", { "aria-hidden": "true" }, "You are"), select({ "aria-label": "You are", "data-testid": "helper-select" }, state.ui.helper, people(), false, become)),
    ),
    writer({
      draft: `helpdesk/${ticket.id}/${writing}`,
      label: note ? "Internal note" : "Public answer",
      placeholder: note ? "For colleagues and the care team only…" : "Tierdesk brings it to the customer, in private…",
      sendLabel: note ? "Leave the note" : "Send the answer",
      enterSends: false,
      testid: "ticket-text",
      sendTestid: "ticket-send",
      send: (text) => {
        goToEnd(`ticket/${ticket.id}`);
        return write(ticket, text);
      },
    }),
  );
}

function kind(id, label, chosen) {
  return h("button", { type: "button", class: "ticket-kind", "data-testid": `ticket-${id}`, "aria-pressed": String(id === chosen), on: { click: () => choose(id) } }, label);
}
