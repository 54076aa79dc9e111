/** What is new in the helpdesk since somebody looked: tickets with more entries than were read. */
import { state } from "../state.js";

let settled = false;

export function unreadTickets() {
  if (!state.helpdesk) return 0;
  if (!settled) settle();
  return state.helpdesk.tickets.filter(isUnread).length;
}

/** What stood there when the page was opened is no news. */
function settle() {
  settled = true;
  for (const ticket of state.helpdesk.tickets) markTicketRead(ticket);
}

export function isUnread(ticket) {
  return ticket.entries.length > (state.ui.ticketsRead[ticket.id] ?? 0);
}

export function markTicketRead(ticket) {
  state.ui.ticketsRead[ticket.id] = ticket.entries.length;
}
