/** The "break something" menu: what can go wrong in the world, done on purpose. */
import { post } from "./api.js";
import { refetchAll } from "./live.js";
import { state } from "./state.js";
import { icon } from "./ui/icons.js";
import { openMenu } from "./ui/popup.js";
import { toast } from "./ui/toast.js";
import { h } from "./ui/vdom.js";

const UNTIL_MENDED = { times: 0, retry_after: 5, delay: 0 };

const BREAKS = [
  {
    id: "slack-slow",
    label: "Slack answers slowly",
    note: "2 s for every call",
    fault: { target: "slack", method: "*", kind: "slow", ...UNTIL_MENDED, delay: 2 },
  },
  {
    id: "slack-429",
    label: "Slack says: too many calls",
    note: "429, wait 5 s; the next 5 calls",
    fault: { target: "slack", method: "*", kind: "429", times: 5, retry_after: 5, delay: 0 },
  },
  {
    id: "network-503",
    label: "Mastodon is down",
    note: "503 for every call",
    fault: { target: "network", method: "*", kind: "503", ...UNTIL_MENDED },
  },
  {
    id: "network-silent",
    label: "Mastodon posts, but never answers",
    note: "the next reply: was it sent or not?",
    fault: { target: "network", method: "POST /api/v1/statuses", kind: "timeout_after", times: 1, retry_after: 0, delay: 0 },
  },
  {
    id: "x-503",
    label: "X is down",
    note: "503 for every call",
    fault: { target: "x", method: "*", kind: "503", ...UNTIL_MENDED },
  },
  {
    id: "x-silent",
    label: "X posts, but never answers",
    note: "the next reply: was it sent or not?",
    fault: { target: "x", method: "POST /2/tweets", kind: "timeout_after", times: 1, retry_after: 0, delay: 0 },
  },
  {
    id: "instagram-503",
    label: "Instagram is down",
    note: "503 for every call",
    fault: { target: "meta", method: "*", kind: "503", ...UNTIL_MENDED },
  },
  {
    id: "instagram-silent",
    label: "Instagram sends, but never answers",
    note: "the next private message: was it sent or not?",
    fault: { target: "meta", method: "POST instagram/messages", kind: "timeout_after", times: 1, retry_after: 0, delay: 0 },
  },
  {
    id: "helpdesk-503",
    label: "The helpdesk is down",
    note: "503 for every call: tickets wait",
    fault: { target: "helpdesk", method: "*", kind: "503", ...UNTIL_MENDED },
  },
  {
    id: "helpdesk-silent",
    label: "The helpdesk opens a ticket, but never answers",
    note: "the next ticket: is it there or not?",
    fault: { target: "helpdesk", method: "POST /api/v2/tickets", kind: "timeout_after", times: 1, retry_after: 0, delay: 0 },
  },
];

export function breakButton() {
  const broken = active();
  return h(
    "button",
    {
      type: "button",
      class: `bar-button${broken ? " broken" : ""}`,
      "data-testid": "break-menu",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": broken ? `Break something (${broken} broken now)` : "Break something",
      "data-tour": "break",
      on: { click: (event) => openMenu(event.currentTarget, "Break something", items()) },
    },
    icon("bolt"),
    h("span", { class: "bar-word" }, broken ? `${broken} broken` : "Break something"),
    icon("down"),
  );
}

function active() {
  return state.control?.faults?.length ?? 0;
}

function matches(fault, wanted) {
  return fault.target === wanted.target && fault.kind === wanted.kind;
}

function items() {
  const faults = state.control?.faults ?? [];
  const breaks = BREAKS.map((one) => ({
    label: one.label,
    note: one.note,
    testid: `break-${one.id}`,
    checked: faults.some((fault) => matches(fault, one.fault)),
    run: () => toggle(one, faults),
  }));
  const kill = { label: "Kill the bot", note: "it starts again by itself", testid: "break-kill", divider: true, tone: "danger", run: killBot };
  const mend = { label: "Mend everything", testid: "break-mend", divider: true, run: () => control({ action: "clear" }, "Everything works again.") };
  return [...breaks, kill, mend];
}

/** The control has one way to mend, all at once: what else was broken is broken again. */
async function toggle(one, faults) {
  const on = faults.some((fault) => matches(fault, one.fault));
  if (!on) return control({ action: "fault", fault: one.fault }, `${one.label}.`);
  await post("/sandbox/control", { action: "clear" });
  const others = BREAKS.filter((other) => other !== one && faults.some((fault) => matches(fault, other.fault)));
  for (const other of others) await post("/sandbox/control", { action: "fault", fault: other.fault });
  return refetchAll();
}

async function killBot() {
  await control({ action: "kill-product" }, "The bot was killed. Watch it come back and lose nothing.");
}

async function control(order, told) {
  const answer = await post("/sandbox/control", order);
  toast(answer.ok ? told : `That could not be done: ${answer.error ?? "no reason given"}.`, null, answer.ok ? "plain" : "warning");
  refetchAll();
}
