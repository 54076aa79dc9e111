/** What a person does in Slack, sent to the workspace. */
import { post, sentence } from "../api.js";
import { refetch } from "../live.js";
import { change, state } from "../state.js";
import { toast } from "../ui/toast.js";

/** @returns {Promise<object>} the workspace's answer; never rejects */
export async function act(type, details = {}) {
  const answer = await post("/slack/people/act", { as: state.ui.agent, type, ...details });
  refetch("slack");
  return answer;
}

/** Act and tell the reader when it did not work. */
export async function actOrTell(type, details) {
  const answer = await act(type, details);
  if (!answer.ok) toast(sentence(answer.error), null, "warning");
  return answer;
}

/** Press something on a message: marked busy meanwhile, and with Slack's triangle when unanswered. */
export async function press(place, details) {
  const { ts, channel, busy } = place;
  change((s) => {
    s.ui.busy[busy] = true;
    delete s.ui.warnings[ts];
  });
  const answer = await act(details.type ?? "action", { channel, ts, ...details });
  change((s) => {
    delete s.ui.busy[busy];
    if (!answer.ok) s.ui.warnings[ts] = answer.error;
  });
  return answer;
}

export function toggleReaction(message, name) {
  const mine = message.reactions?.find((one) => one.name === name)?.users.includes(state.ui.agent);
  return actOrTell(mine ? "unreact" : "react", { channel: message.channel, ts: message.ts, name });
}

/** Send what was written; a line that starts with a slash is a command. */
export function say(channel, text, threadTs) {
  if (!text.startsWith("/")) return actOrTell("post", { channel, text, ...(threadTs && { thread_ts: threadTs }) });
  if (!/^\/tierdesk(\s|$)/.test(text)) {
    toast(`“${text.split(/\s/)[0]}” is not a command here. Try /tierdesk.`, null, "warning");
    return Promise.resolve({ ok: false });
  }
  return actOrTell("command", { channel, text: text.replace(/^\/tierdesk\s*/, "") });
}

export function openChannel(id) {
  change((s) => {
    s.ui.channel = id;
    s.ui.home = false;
    s.ui.thread = null;
    s.ui.pane = "slack";
  });
}

export function openThread(channel, ts) {
  change((s) => {
    s.ui.thread = { channel, ts };
    s.ui.pane = "thread";
  });
}

export function closeThread() {
  change((s) => {
    s.ui.thread = null;
    if (s.ui.pane === "thread") s.ui.pane = "slack";
  });
}

export function openHome() {
  change((s) => {
    s.ui.home = true;
    s.ui.thread = null;
    s.ui.pane = "slack";
  });
  return act("home");
}

export function becomeAgent(id) {
  change((s) => {
    s.ui.agent = id;
    s.ui.thread = null;
  });
  refetch("slack");
}
