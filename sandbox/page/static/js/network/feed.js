/** The customers' side: a phone with the network on it. */
import { change, state } from "../state.js";
import { walk } from "../ui/tabs.js";
import { h } from "../ui/vdom.js";
import { openNetwork, scrollToPost } from "./acts.js";
import { composer } from "./composer.js";
import { messagesView } from "./messages.js";
import { NETWORKS } from "./networks.js";
import { isFreshPost, markDmsRead, meetNetwork, unreadDms } from "./news.js";
import { postView } from "./post.js";
import { conversations } from "./thread.js";

const SHOWN = 60;

export function feedPane() {
  return h(
    "section",
    { class: "phone", "aria-label": "The customers’ network", "data-tour": "feed" },
    networkTabs(),
    state.network ? [views(), list(), composer()] : h("p", { class: "loading" }, "Opening the network…"),
  );
}

function networkTabs() {
  return h(
    "div",
    { class: "network-tabs", role: "tablist", "aria-label": "Networks", on: { keydown: walk } },
    NETWORKS.map((one) => tab(one.name, one.id === state.ui.network, `network-${one.id}`, () => open(one.id), newsDot(one.id))),
  );
}

function newsDot(id) {
  const told = state.ui.news[id];
  return told && h("span", { class: "news-dot", "data-testid": `news-${id}` }, h("span", { class: "visually-hidden" }, " (news)"));
}

function open(id) {
  if (id === state.ui.network) return;
  meetNetwork();
  openNetwork(id);
}

function tab(label, selected, testid, run, badge = null) {
  return h(
    "button",
    {
      key: testid,
      type: "button",
      role: "tab",
      class: "tab",
      "data-testid": testid,
      "aria-selected": String(selected),
      tabindex: selected ? "0" : "-1",
      on: { click: run },
    },
    label,
    badge,
  );
}

function views() {
  const { feedView, customer } = state.ui;
  const show = (view) => change((s) => {
    s.ui.feedView = view;
    s.ui.context = null;
  });
  if (feedView === "messages") markDmsRead(customer);
  const unread = unreadDms(customer);
  const badge = unread > 0 && h("span", { class: "badge", "data-testid": "dm-badge", "aria-label": `${unread} new` }, unread);
  return h(
    "div",
    { class: "feed-views", role: "tablist", "aria-label": "What to show", on: { keydown: walk } },
    tab("Posts", feedView === "feed", "feed-posts", () => show("feed")),
    tab("Private messages", feedView === "messages", "feed-messages", () => show("messages"), badge),
  );
}

function list() {
  if (state.ui.feedView === "messages") return messagesView();
  const found = conversations(state.network.posts).slice(0, SHOWN);
  return h(
    "div",
    { key: "posts", class: "feed-list", role: "feed", "aria-label": "Posts", tabindex: "0", "data-testid": "feed", onrefresh: showOwn },
    found.map(conversation),
  );
}

function conversation({ root, comments }) {
  return h(
    "div",
    { key: root.id, class: "conversation" },
    postView(root, { fresh: isFreshPost(root) }),
    comments.map(({ status, depth, to }) => postView(status, { depth, to, fresh: isFreshPost(status) })),
  );
}

/** One's own new post is brought into view once, when it has arrived. */
function showOwn(el) {
  const id = state.ui.ownPost;
  if (!id || !el.querySelector(`[data-testid="post-${CSS.escape(id)}"]`)) return;
  state.ui.ownPost = null;
  scrollToPost(id);
}
