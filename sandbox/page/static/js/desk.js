/** The right side: Slack or the helpdesk, one at a time, with tabs that tell of news. */
import { helpdeskPane } from "./helpdesk/helpdesk.js";
import { unreadTickets } from "./helpdesk/news.js";
import { unreadIn } from "./slack/sidebar.js";
import { slackPane } from "./slack/slack.js";
import { change, state } from "./state.js";
import { walk } from "./ui/tabs.js";
import { h } from "./ui/vdom.js";

let side = "slack";

export function unreadSlack() {
  return (state.slack?.channels ?? []).reduce((sum, channel) => sum + unreadIn(channel.id), 0);
}

/** While a phone shows the customers, the other side stays as it was. */
function shownSide() {
  const { pane } = state.ui;
  if (pane !== "customers") side = pane === "helpdesk" ? "helpdesk" : "slack";
  return side;
}

export function deskPane() {
  const shown = shownSide();
  return h(
    "div",
    { key: "desk", class: "desk" },
    h(
      "div",
      { class: "desk-tabs", role: "tablist", "aria-label": "Where the team works", on: { keydown: walk } },
      tab("slack", "Slack", shown, unreadSlack()),
      tab("helpdesk", "Helpdesk", shown, unreadTickets()),
    ),
    shown === "helpdesk" ? helpdeskPane() : slackPane(),
  );
}

function tab(id, label, shown, count) {
  const open = () => {
    side = id;
    change((s) => (s.ui.pane = id));
  };
  return h(
    "button",
    { key: id, type: "button", role: "tab", class: "desk-tab", "data-testid": `desk-${id}`, "aria-selected": String(id === shown), tabindex: id === shown ? "0" : "-1", on: { click: open } },
    label,
    count > 0 && h("span", { class: "badge", "aria-label": `${count} new` }, count),
  );
}
