/** The Slack side of the page. */
import { state } from "../state.js";
import { h } from "../ui/vdom.js";
import { channelView } from "./channel.js";
import { homeView } from "./home.js";
import { modal } from "./modal.js";
import { markRead, sidebar } from "./sidebar.js";
import { threadView } from "./thread.js";

/** The channel shown: the chosen one, or the first this person is in. */
export function currentChannel() {
  const { channels } = state.slack;
  return channels.find((one) => one.id === state.ui.channel) ?? channels[0] ?? null;
}

export function slackPane() {
  if (!state.slack) return h("main", { class: "slack", "aria-busy": "true" }, h("p", { class: "loading" }, "Opening the workspace…"));
  const windowNode = modal();
  const channel = currentChannel();
  if (channel && isOnScreen()) markRead(channel.id);
  return h(
    "main",
    { class: `slack${state.ui.thread ? " with-thread" : ""}`, "data-tour": "slack" },
    h(
      "div",
      { class: "workspace", prop: { inert: Boolean(windowNode) } },
      sidebar(),
      middle(channel),
      state.ui.thread && threadView(),
    ),
    windowNode,
  );
}

/** On a phone the channel may lie behind another pane. */
function isOnScreen() {
  const { home, pane } = state.ui;
  const narrow = matchMedia("(max-width: 900px)").matches;
  return !home && !document.hidden && (!narrow || pane === "slack");
}

function middle(channel) {
  if (state.ui.home) return homeView();
  if (!channel) return h("section", { class: "channel" }, h("p", { class: "empty" }, "This person is in no channel."));
  return channelView(channel);
}
