/** What the people of the helpdesk do with a ticket. */
import { post, sentence } from "../api.js";
import { refetch } from "../live.js";
import { change, state } from "../state.js";
import { toast } from "../ui/toast.js";

async function act(details) {
  const answer = await post("/zendesk/people/act", { as: state.ui.helper, ...details });
  refetch("helpdesk");
  if (!answer.ok) toast(sentence(answer.error), null, "warning");
  return answer;
}

/** A public answer, which goes to the customer, or an internal note. */
export function write(ticket, text) {
  return act({ type: state.ui.ticketWriting, ticket: ticket.id, text });
}

export function set(ticket, fields) {
  return act({ type: "set", ticket: ticket.id, ...fields });
}

export function become(acct) {
  change((s) => (s.ui.helper = acct));
}

export function choose(writing) {
  change((s) => (s.ui.ticketWriting = writing));
}

export function openTicket(id) {
  change((s) => (s.ui.ticket = id));
}

export function showTicket(id) {
  change((s) => Object.assign(s.ui, { pane: "helpdesk", ticket: id }));
}
