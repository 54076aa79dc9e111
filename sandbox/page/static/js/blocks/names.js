/** Names behind Slack's ids, as far as this reader may know them. */
import { state } from "../state.js";

export function user(id) {
  return state.slack?.users.find((one) => one.id === id) ?? null;
}

export function userName(id, otherwise = "") {
  const found = user(id);
  return found?.real_name || found?.name || otherwise || id;
}

export function channelName(id, otherwise = "") {
  const found = state.slack?.channels.find((one) => one.id === id);
  return found?.name || otherwise || "private channel";
}
