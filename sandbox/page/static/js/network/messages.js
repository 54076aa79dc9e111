/** Private messages between the chosen customer and the brand. */
import { state } from "../state.js";
import { clock, full } from "../time.js";
import { avatar } from "../ui/avatar.js";
import { h } from "../ui/vdom.js";
import { following } from "../slack/scroll.js";
import { isFreshPost } from "./news.js";
import { personOf, words } from "./post.js";

export function messagesView() {
  const { customer } = state.ui;
  const list = state.dms[customer] ?? [];
  return h(
    "div",
    { key: "messages", class: "feed-list dm-list", role: "log", "aria-live": "polite", "aria-label": "Private messages with Brightleaf", tabindex: "0", "data-testid": "dms", ...following(customer) },
    h("div", { class: "messages-fill" }),
    list.length ? list.map(bubble) : nothing(customer),
  );
}

function nothing(acct) {
  return h(
    "div",
    { class: "empty" },
    h("h3", null, "No private messages yet"),
    h("p", null, "What ", h("bdi", null, personOf(acct).display_name), " and Brightleaf write to each other in private appears here. Nobody else sees it."),
  );
}

function bubble(status) {
  const person = personOf(status.author);
  const at = new Date(status.created_at);
  return h(
    "article",
    {
      key: status.id,
      class: `dm ${person.brand ? "from-brand" : "from-me"}${isFreshPost(status) ? " arrive" : ""}`,
      "data-testid": `dm-${status.id}`,
      "aria-label": `${person.display_name}, ${clock(at)}`,
    },
    person.brand && avatar(person.display_name, person.color, "round"),
    h(
      "div",
      { class: "dm-bubble" },
      status.deleted ? h("p", { class: "post-gone" }, "Deleted") : words(status),
      h("time", { class: "dm-time", datetime: status.created_at, title: full(at) }, clock(at)),
    ),
  );
}
