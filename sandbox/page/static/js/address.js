/** Addresses that lead to one place on the page, as the links of cards do: #x-184, #helpdesk-35001. */
import { showTicket } from "./helpdesk/acts.js";
import { openNetwork } from "./network/acts.js";
import { meetNetwork } from "./network/news.js";
import { change, state } from "./state.js";

const FEEDS = { post: "mastodon", x: "x", instagram: "instagram" };

export function followAddress() {
  const [, place, id] = /^#([a-z]+)-([\w.-]+)$/.exec(location.hash) ?? [];
  if (FEEDS[place]) showIn(FEEDS[place], id);
  if (place === "helpdesk") showTicket(id);
}

function showIn(network, id) {
  if (network !== state.ui.network) {
    meetNetwork();
    openNetwork(network);
  }
  change((s) => Object.assign(s.ui, { feedView: "feed", pane: "customers", ownPost: id }));
}
