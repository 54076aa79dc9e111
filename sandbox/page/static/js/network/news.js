/** What is new on the network since the page was opened: it slides in, is counted, is told. */
import { state } from "../state.js";
import { toast } from "../ui/toast.js";
import { showMessages, showPost } from "./acts.js";

const drawn = new Set();
const told = new Set();
const met = new Set();
let settled = false;

export function isFreshPost(status) {
  const known = drawn.has(status.id);
  drawn.add(status.id);
  return settled && !known;
}

/** Another network is opened: what stands there already is no news. */
export function meetNetwork() {
  settled = false;
  met.clear();
}

export function markSettledPosts() {
  settled = true;
}

function acctOf(status) {
  return typeof status.author === "string" ? status.author : status.author?.acct;
}

function fromBrand(status) {
  return acctOf(status) === state.network?.brand.acct;
}

/** Private messages of the brand to this customer that nobody has looked at. */
export function unreadDms(acct) {
  const written = (state.dms[acct] ?? []).filter(fromBrand).length;
  return Math.max(0, written - (state.ui.seenDms[place(acct)] ?? 0));
}

function place(acct) {
  return `${state.ui.network}/${acct}`;
}

/** The open conversation counts as read. */
export function markDmsRead(acct) {
  state.ui.seenDms[place(acct)] = (state.dms[acct] ?? []).filter(fromBrand).length;
}

/** Tell once when the brand answered somewhere the reader does not look. */
export function tellNews() {
  if (!state.network) return;
  const first = !settled;
  for (const status of state.network.posts) tellAnswer(status, first);
  for (const [acct, statuses] of Object.entries(state.dms)) {
    for (const status of statuses) tellPrivate(status, acct, !met.has(acct));
    met.add(acct);
  }
}

function isNew(status) {
  if (told.has(status.id) || !fromBrand(status)) return false;
  told.add(status.id);
  return true;
}

function tellAnswer(status, first) {
  if (!isNew(status) || first || !status.in_reply_to_id) return;
  const parent = state.network.posts.find((one) => one.id === status.in_reply_to_id);
  const name = nameOf(parent ? acctOf(parent) : null);
  later(() => {
    if (isInView(status.id)) return;
    toast(`Brightleaf answered ${name}`, { label: "Show", run: () => showPost(status.id) }, "leaf");
  });
}

function tellPrivate(status, acct, first) {
  const open = state.ui.feedView === "messages" && state.ui.customer === acct;
  if (!isNew(status) || first || open) return;
  later(() => toast(`Brightleaf wrote privately to ${nameOf(acct)}`, { label: "Show", run: () => showMessages(acct) }, "leaf"));
}

function nameOf(acct) {
  return state.network.customers.find((one) => one.acct === acct)?.display_name ?? "a comment";
}

/** Called while drawing; a notice is a change of its own, after what it is about was drawn. */
function later(run) {
  queueMicrotask(run);
}

function isInView(id) {
  const el = document.querySelector(`[data-testid="post-${CSS.escape(id)}"]`);
  const list = el?.closest(".feed-list");
  if (!list || list.clientHeight === 0) return false;
  const { top, bottom } = el.getBoundingClientRect();
  const seen = list.getBoundingClientRect();
  return bottom > seen.top && top < seen.bottom - 40;
}
