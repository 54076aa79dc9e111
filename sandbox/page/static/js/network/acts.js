/** What a customer does on the network. */
import { post, sentence } from "../api.js";
import { refetch } from "../live.js";
import { change, state } from "../state.js";
import { toast } from "../ui/toast.js";
import { network } from "./networks.js";

async function act(details) {
  const answer = await post(`${network(state.ui.network).base}/people/act`, { as: state.ui.customer, ...details });
  refetch("network");
  if (!answer.ok) toast(sentence(answer.error), null, "warning");
  return answer;
}

/** Write, reply or save an edit, whichever the composer stands at. */
export async function publish(text) {
  const { context, visibility, feedView } = state.ui;
  if (context?.kind === "edit") return settle(await act({ type: "edit", id: context.id, text }));
  const inMessages = feedView === "messages";
  const answer = await act({
    type: "post",
    text,
    visibility: inMessages ? "direct" : visibility,
    idempotency: crypto.randomUUID?.() ?? String(performance.now()),
    ...answering(inMessages || visibility === "direct"),
  });
  if (answer.ok && !inMessages && visibility === "direct") showMessages(state.ui.customer);
  return settle(answer);
}

function answering(inPrivate) {
  const { context, feedView, customer } = state.ui;
  if (inPrivate && !network(state.ui.network).chains) return {};
  const last = feedView === "messages" ? state.dms[customer]?.at(-1)?.id : null;
  const target = context?.kind === "reply" ? context.id : last;
  return target ? { in_reply_to_id: target } : {};
}

/** Press one of the buttons that a private message of the brand offers. */
export function choose({ title, payload }) {
  return act({ type: "post", visibility: "direct", text: title, payload });
}

function settle(answer) {
  if (answer.ok) {
    change((s) => {
      s.ui.context = null;
      s.ui.ownPost = answer.id ?? null;
    });
  }
  return answer;
}

export function replyTo(status) {
  change((s) => (s.ui.context = { kind: "reply", id: status.id, author: status.author }));
  focusComposer();
}

export function edit(status) {
  change((s) => {
    s.ui.context = { kind: "edit", id: status.id };
    s.ui.drafts[draftName(s)] = status.text;
  });
  focusComposer();
}

export function leaveContext() {
  change((s) => {
    if (s.ui.context?.kind === "edit") s.ui.drafts[draftName(s)] = "";
    s.ui.context = null;
  });
  focusComposer();
}

/** One draft for each customer, place and post answered or edited. */
export function draftName({ ui }) {
  const target = ui.context ? `${ui.context.kind}-${ui.context.id}` : ui.feedView;
  return `${ui.network}/${ui.customer}/${target}`;
}

export function remove(status) {
  return act({ type: "delete", id: status.id });
}

export function favourite(status) {
  return act({ type: "favourite", id: status.id });
}

/** Look at another network: what was read and begun belongs to the one before. */
export function openNetwork(id) {
  change((s) => {
    Object.assign(s.ui, { network: id, context: null, visibility: "public" });
    delete s.ui.news[id];
    Object.assign(s, { network: null, dms: {} });
  });
  refetch("network");
}

export function becomeCustomer(acct) {
  change((s) => {
    s.ui.customer = acct;
    s.ui.context = null;
  });
  refetch("network");
}

export function showMessages(acct) {
  if (acct !== state.ui.customer) becomeCustomer(acct);
  change((s) => {
    s.ui.feedView = "messages";
    s.ui.context = null;
    s.ui.pane = "customers";
  });
}

export function showPost(id) {
  change((s) => {
    s.ui.feedView = "feed";
    s.ui.pane = "customers";
  });
  requestAnimationFrame(() => requestAnimationFrame(() => scrollToPost(id)));
}

export function scrollToPost(id) {
  const el = document.querySelector(`[data-testid="post-${CSS.escape(id)}"]`);
  el?.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function focusComposer() {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const field = document.querySelector("#composer-text");
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }));
}
