/** Starts the page: draws it from the state, keeps the state fresh. */
import { followAddress } from "./address.js";
import { deskPane, unreadSlack } from "./desk.js";
import { unreadTickets } from "./helpdesk/news.js";
import { feedPane } from "./network/feed.js";
import { markSettledPosts, tellNews, unreadDms } from "./network/news.js";
import { listen, refetchAll } from "./live.js";
import { markSettled } from "./slack/channel.js";
import { change, onChange, state } from "./state.js";
import { applyTheme, topbar } from "./topbar.js";
import { tour, tourSubject } from "./tour.js";
import { toasts } from "./ui/toast.js";
import { h, render } from "./ui/vdom.js";

const root = document.querySelector("#page");
let drawn = [];

function draw() {
  applyTheme();
  root.dataset.pane = state.ui.pane;
  root.dataset.tour = tourSubject();
  tellNews();
  drawn = render(root, drawn, [
    topbar(),
    tour(),
    h("div", { key: "panes", class: "panes" }, feedPane(), deskPane()),
    paneTabs(),
    toasts(),
  ]);
  document.title = title();
  settle();
}

/** What stood there at the start does not slide in. */
function settle() {
  if (state.network) markSettledPosts();
  if (state.slack && !settle.slack) {
    settle.slack = true;
    markSettled();
  }
}

function title() {
  const unread = unreadSlack() + unreadTickets();
  return unread ? `(${unread}) Tierdesk sandbox` : "Tierdesk sandbox";
}

/** On a phone the panes are tabs. */
function paneTabs() {
  const tabs = [
    { id: "customers", label: "Customers", count: unreadDms(state.ui.customer) },
    { id: "slack", label: "Slack", count: unreadSlack() },
    { id: "thread", label: "Thread", count: 0, disabled: !state.ui.thread },
    { id: "helpdesk", label: "Helpdesk", count: unreadTickets() },
  ];
  return h("nav", { key: "pane-tabs", class: "pane-tabs", "aria-label": "Panes" }, tabs.map(paneTab));
}

function paneTab({ id, label, count, disabled }) {
  return h(
    "button",
    {
      key: id,
      type: "button",
      class: "pane-tab",
      "data-testid": `pane-${id}`,
      "aria-current": state.ui.pane === id ? "page" : null,
      prop: { disabled: Boolean(disabled) },
      on: { click: () => change((s) => (s.ui.pane = id)) },
    },
    label,
    count > 0 && h("span", { class: "badge", "aria-label": `${count} new` }, count),
  );
}

onChange(draw);
draw();
followAddress();
addEventListener("hashchange", followAddress);
refetchAll();
listen();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => change(() => {}));
document.addEventListener("visibilitychange", () => !document.hidden && refetchAll());
setInterval(() => change(() => {}), 30_000);
