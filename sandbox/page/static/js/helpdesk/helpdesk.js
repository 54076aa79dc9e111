/** The helpdesk: its tickets, one of them open. */
import { state } from "../state.js";
import { ago } from "../time.js";
import { h } from "../ui/vdom.js";
import { openTicket } from "./acts.js";
import { isUnread, markTicketRead } from "./news.js";
import { stateChip, ticketView } from "./ticket.js";

export function helpdeskPane() {
  if (!state.helpdesk) return h("main", { class: "helpdesk", "aria-busy": "true" }, h("p", { class: "loading" }, "Opening the helpdesk…"));
  const { tickets } = state.helpdesk;
  const open = tickets.find((one) => one.id === state.ui.ticket);
  if (open && !document.hidden) markTicketRead(open);
  return h(
    "main",
    { class: `helpdesk${open ? " with-ticket" : ""}`, "aria-label": "Helpdesk", "data-testid": "helpdesk", "data-tour": "helpdesk" },
    list(tickets, open),
    open ? ticketView(open) : nothingOpen(tickets),
  );
}

function list(tickets, open) {
  return h(
    "section",
    { class: "tickets", "aria-label": "Tickets" },
    h("header", { class: "tickets-head" }, h("h2", null, "Tickets"), h("p", null, "Brightleaf Support")),
    h("ol", { class: "tickets-list" }, tickets.map((one) => h("li", { key: one.id }, item(one, one === open)))),
  );
}

function item(ticket, here) {
  const unread = isUnread(ticket);
  return h(
    "button",
    {
      type: "button",
      class: `ticket-item${unread ? " unread" : ""}`,
      "data-testid": `ticket-${ticket.id}`,
      "aria-current": here ? "true" : null,
      on: { click: () => openTicket(ticket.id) },
    },
    h("span", { class: "ticket-item-top" }, stateChip(ticket.status), h("span", null, `#${ticket.id}`), h("time", { datetime: ticket.updated_at }, ago(new Date(ticket.updated_at)))),
    h("bdi", { class: "ticket-subject" }, ticket.subject, unread && h("span", { class: "visually-hidden" }, " (new)")),
  );
}

function nothingOpen(tickets) {
  const words = tickets.length
    ? ["Choose a ticket", "Answer it in public or leave a note: both come back to the case in Slack."]
    : ["No tickets yet", "Press Escalate on a card in Slack, or let the story play to its end: its last case becomes a ticket here."];
  return h("section", { class: "ticket ticket-none" }, h("div", { class: "empty" }, h("h3", null, words[0]), h("p", null, words[1])));
}
