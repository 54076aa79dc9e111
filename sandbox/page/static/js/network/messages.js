/** Private messages between the chosen customer and the brand. */
import { state } from "../state.js";
import { clock, full, soon } from "../time.js";
import { avatar } from "../ui/avatar.js";
import { icon } from "../ui/icons.js";
import { h } from "../ui/vdom.js";
import { following } from "../slack/scroll.js";
import { choose } from "./acts.js";
import { isFreshPost } from "./news.js";
import { personOf, words } from "./post.js";

export function messagesView() {
  const { customer } = state.ui;
  const list = state.dms[customer] ?? [];
  return h(
    "div",
    { key: "messages", class: "feed-list dm-list", role: "log", "aria-live": "polite", "aria-label": "Private messages with Brightleaf", tabindex: "0", "data-testid": "dms", ...following(customer) },
    h("div", { class: "messages-fill" }),
    list.length ? list.map((status) => bubble(status, status === list.at(-1))) : nothing(customer),
    windowNote(customer),
  );
}

/** Where the network lets the brand write only for a while: until when. */
function windowNote(customer) {
  const own = state.network.dms?.find((one) => one.with === customer);
  if (own?.window === undefined) return null;
  return h("p", { class: "dm-window", "data-testid": "dm-window" }, icon("clock"), windowWords(own.window));
}

function windowWords(open) {
  if (!open) return "Brightleaf cannot write first. It may answer a comment in private once, within seven days.";
  const until = new Date(open.until);
  const people = new Date(open.people_until);
  if (until > new Date()) return `Brightleaf may answer until ${soon(until)}, its people until ${soon(people)}.`;
  if (people > new Date()) return `Only people of Brightleaf may still answer, until ${soon(people)}.`;
  return "The time to answer is over: Brightleaf may write again when the customer does.";
}

function nothing(acct) {
  return h(
    "div",
    { class: "empty" },
    h("h3", null, "No private messages yet"),
    h("p", null, "What ", h("bdi", null, personOf(acct).display_name), " and Brightleaf write to each other in private appears here. Nobody else sees it."),
  );
}

function bubble(status, last) {
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
      status.about && about(status.about),
      status.deleted ? h("p", { class: "post-gone" }, "Deleted") : words(status),
      h("time", { class: "dm-time", datetime: status.created_at, title: full(at) }, clock(at)),
      last && status.choices?.length > 0 && h("div", { class: "dm-choices" }, status.choices.map(choiceButton)),
    ),
  );
}

/** The comment that a private message answers. */
function about(id) {
  const comment = state.network.posts.find((one) => one.id === id);
  return h("p", { class: "dm-about" }, "About your comment", comment?.text && [": ", h("q", { dir: "auto" }, comment.text)]);
}

function choiceButton(choice) {
  return h("button", { key: choice.payload, type: "button", class: "button small", on: { click: () => choose(choice) } }, choice.title);
}
