/** The pane beside the channel: one message, its replies, and a field to answer the team. */
import { state } from "../state.js";
import { icon } from "../ui/icons.js";
import { h } from "../ui/vdom.js";
import { writer } from "../ui/writer.js";
import { closeThread, say } from "./acts.js";
import { byTs, ephemerals, follows, isFresh } from "./channel.js";
import { messageView, repliesOf } from "./message.js";
import { following, goToEnd } from "./scroll.js";

export function threadView() {
  const { channel, ts } = state.ui.thread;
  const name = `${channel}/${ts}`;
  const root = (state.slack.messages[channel] ?? []).find((one) => one.ts === ts);
  const home = state.slack.channels.find((one) => one.id === channel);
  if (!root || !home) return gone();
  const replies = [...repliesOf(root), ...ephemerals(channel).filter((one) => one.thread_ts === ts)].sort(byTs);
  return h(
    "section",
    { class: "thread", "aria-label": "Thread", "data-testid": "thread" },
    header(home),
    h(
      "div",
      { class: "messages", role: "log", "aria-live": "polite", "aria-label": "Replies", tabindex: "0", ...following(name) },
      messageView(root, { root: true, inThread: true }),
      h("div", { class: "reply-count", role: "separator" }, h("span", null, count(repliesOf(root).length))),
      replies.map((one, index) => messageView(one, { inThread: true, compact: follows(replies[index - 1], one), fresh: isFresh(one) })),
    ),
    writer({
      draft: `slack/${channel}/${ts}`,
      label: "Reply in thread",
      placeholder: "Write to your team…",
      sendLabel: "Send to your team",
      enterSends: true,
      testid: "slack-composer-thread",
      sendTestid: "slack-send-thread",
      send: (text) => {
        goToEnd(name);
        return say(channel, text, ts);
      },
    }),
  );
}

function count(number) {
  if (!number) return "No replies yet";
  return number === 1 ? "1 reply" : `${number} replies`;
}

function header(home) {
  return h(
    "header",
    { class: "channel-head" },
    h("h2", { class: "channel-name" }, "Thread"),
    home && h("p", { class: "channel-topic" }, `#${home.name}`),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Close the thread", "data-testid": "thread-close", on: { click: closeThread } },
      icon("close"),
    ),
  );
}

function gone() {
  return h(
    "section",
    { class: "thread", "aria-label": "Thread" },
    header(null),
    h("div", { class: "empty" }, h("p", null, "This message is no longer here, or this person may not see it.")),
  );
}
