/** A post or comment on the network. */
import { state } from "../state.js";
import { ago, full } from "../time.js";
import { avatar } from "../ui/avatar.js";
import { ask } from "../ui/confirm.js";
import { icon } from "../ui/icons.js";
import { openMenu } from "../ui/popup.js";
import { h } from "../ui/vdom.js";
import { edit, favourite, remove, replyTo, showMessages } from "./acts.js";
import { network } from "./networks.js";

const VISIBILITY = {
  public: { sign: "globe", word: "Public" },
  unlisted: { sign: "unlisted", word: "Unlisted" },
  private: { sign: "lock", word: "Followers only" },
  direct: { sign: "mail", word: "Private message" },
};

const ADDRESSES = /(https?:\/\/[^\s<>"']+|(?<![\w.-])@[\w.-]+(?:@[\w.-]+\w)?|#[\p{L}\p{N}_]+)/u;

/** @param {{depth?: number, to?: object, fresh?: boolean}} place */
export function postView(status, { depth = 0, to = null, fresh = false } = {}) {
  const person = personOf(status.author);
  const pictured = Boolean(status.picture);
  const classes = ["post", `depth-${depth}`, pictured && "pictured", person.brand && "by-brand", status.hidden && "is-hidden", fresh && "arrive"];
  return h(
    "article",
    {
      key: status.id,
      class: classes.filter(Boolean).join(" "),
      "data-testid": `post-${status.id}`,
      "aria-label": `${person.display_name}, ${ago(new Date(status.created_at))}`,
    },
    h("div", { class: "post-side" }, avatar(person.display_name, person.color, "round")),
    pictured && [head(status, person), picture(status.picture)],
    h(
      "div",
      { class: "post-main" },
      pictured && tools(status, person),
      !pictured && head(status, person),
      depth > 1 && to && h("p", { class: "post-to" }, "to ", h("bdi", null, personOf(to.author).display_name)),
      status.hidden && hiddenNote(status, person),
      status.deleted ? tombstone() : status.text && words(status),
      status.answered_privately && privateNote(person),
      !pictured && !status.deleted && status.text && tools(status, person),
    ),
  );
}

function picture({ src, alt }) {
  return h("img", { class: "post-picture", src, alt, width: "640", height: "480" });
}

function hiddenNote(status, person) {
  const own = person.acct === state.ui.customer;
  const told = own ? "Brightleaf hid this from others" : "Hidden by Brightleaf";
  return h("p", { class: "post-gone", "data-testid": `hidden-${status.id}` }, icon("hidden"), told);
}

function privateNote(person) {
  return h(
    "p",
    { class: "post-note" },
    icon("mail"),
    "Brightleaf answered in private. ",
    h("button", { type: "button", class: "post-note-link", on: { click: () => showMessages(person.acct) } }, "Read it"),
  );
}

/** The author as the network shows them; the brand is marked. */
export function personOf(author) {
  const acct = typeof author === "string" ? author : author?.acct;
  const { brand, customers } = state.network;
  if (acct === brand.acct) return { ...brand, color: "var(--brand)", brand: true };
  return customers.find((one) => one.acct === acct) ?? { acct, display_name: author?.display_name ?? acct };
}

function head(status, person) {
  const at = new Date(status.created_at);
  const seen = VISIBILITY[status.visibility] ?? VISIBILITY.public;
  return h(
    "div",
    { class: "post-head" },
    h("bdi", { class: "post-name" }, person.display_name),
    person.brand && h("span", { class: "brand-badge", title: "The brand itself" }, icon("check"), "Brand"),
    person.bot && h("span", { class: "bot-badge" }, "Bot"),
    h("span", { class: "post-acct" }, `@${person.acct}`),
    h(
      "span",
      { class: "post-when" },
      h("span", { class: "post-visibility", title: seen.word }, icon(seen.sign), h("span", { class: "visually-hidden" }, seen.word)),
      h("time", { datetime: status.created_at, title: full(at) }, ago(at)),
      status.edited_at && !status.deleted && h("span", { class: "post-edited", title: full(new Date(status.edited_at)) }, "edited"),
    ),
  );
}

/** Text only, whatever the network sent as HTML. */
export function words(status) {
  const parts = String(status.text ?? "").split(ADDRESSES);
  return h("p", { class: "post-text", dir: "auto" }, parts.map((part, index) => (index % 2 ? address(part) : part)));
}

function address(part) {
  if (!part.startsWith("http")) return h("span", { class: "handle" }, part);
  return h("a", { href: part, target: "_blank", rel: "noopener noreferrer nofollow" }, part);
}

function tombstone() {
  return h("p", { class: "post-gone" }, icon("bin"), "Deleted by its author");
}

function tools(status, person) {
  const own = person.acct === state.ui.customer;
  return h(
    "div",
    { class: "post-tools" },
    h(
      "button",
      { type: "button", class: "tool", "data-testid": `reply-${status.id}`, "aria-label": status.picture ? "Comment on this post" : `Reply to ${person.display_name}`, on: { click: () => replyTo(status) } },
      icon("reply"),
      status.picture ? "Comment" : "Reply",
    ),
    h(
      "button",
      { type: "button", class: "tool", "data-testid": `favourite-${status.id}`, "aria-label": `Favourite, ${status.favourites ?? 0} so far`, on: { click: () => favourite(status) } },
      icon("heart"),
      status.favourites > 0 && status.favourites,
    ),
    own && ownMenu(status),
  );
}

function ownMenu(status) {
  const items = [
    network(state.ui.network).edits && { label: "Edit", testid: `edit-${status.id}`, run: () => edit(status) },
    { label: "Delete…", tone: "danger", testid: `delete-${status.id}`, run: () => confirmRemoval(status) },
  ].filter(Boolean);
  return h(
    "button",
    {
      type: "button",
      class: "tool",
      "data-testid": `own-${status.id}`,
      "aria-label": network(state.ui.network).edits ? "Edit or delete" : "Delete",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: (event) => openMenu(event.currentTarget, "Your post", items) },
    },
    icon("more"),
  );
}

async function confirmRemoval(status) {
  const sure = await ask({
    title: "Delete this post?",
    text: "It disappears from the network for everyone. Tierdesk is told, as it would be on the real network.",
    confirm: "Delete",
    deny: "Keep it",
    danger: true,
  });
  if (sure) remove(status);
}
