/** Where blocks stand: a message, or a window. Each keeps what was chosen and sends what is pressed. */
import { sentence } from "../api.js";
import { collect, seed } from "../blocks/values.js";
import { change, state } from "../state.js";
import { act, press } from "./acts.js";

const held = new Map();

function slot(key, block, el) {
  return `${key}/${block.block_id}/${el.action_id}`;
}

function valueAt(key, block, el) {
  const at = slot(key, block, el);
  if (!held.has(at)) held.set(at, seed(el));
  return held.get(at);
}

function store(key, block, el, chosen) {
  change(() => held.set(slot(key, block, el), { type: el.type, ...chosen }));
}

/** Forget what was typed in windows that are no longer open. */
export function forget(openViewIds) {
  for (const at of held.keys()) {
    if (at.startsWith("V:") && !openViewIds.some((id) => at.startsWith(`V:${id}/`))) held.delete(at);
  }
}

async function options(details, block, el, typed) {
  const names = { block_id: block.block_id, action_id: el.action_id, value: typed };
  const answer = await act("options", { ...details, ...names });
  return { options: answer.options ?? [], option_groups: answer.option_groups };
}

export function messageSurface(message) {
  const key = `M:${message.channel}:${message.ts}`;
  const place = (block, el) => ({ ts: message.ts, channel: message.channel, busy: slot(key, block, el) });
  const surface = {
    kind: "message",
    key,
    value: (block, el) => valueAt(key, block, el),
    busy: (block, el) => Boolean(state.ui.busy[slot(key, block, el)]),
    act: (block, el, chosen) =>
      press(place(block, el), { block_id: block.block_id, action_id: el.action_id, ...chosen }),
    options: (block, el, typed) => options({ channel: message.channel, ts: message.ts }, block, el, typed),
    set: (block, el, chosen) => {
      store(key, block, el, chosen);
      surface.act(block, el, chosen);
    },
  };
  return surface;
}

/** A window's or the App Home's blocks; `report(text)` tells an unanswered press. */
export function viewSurface(view, errors, report) {
  const key = `V:${view.id}`;
  const value = (block, el) => valueAt(key, block, el);
  const surface = {
    kind: "view",
    key,
    errors,
    value,
    busy: (block, el) => Boolean(state.ui.busy[slot(key, block, el)]),
    options: (block, el, typed) => options({ view_id: view.id }, block, el, typed),
    act: async (block, el, chosen) => {
      const busy = slot(key, block, el);
      change((s) => (s.ui.busy[busy] = true));
      const answer = await act("view_action", {
        view_id: view.id,
        block_id: block.block_id,
        action_id: el.action_id,
        values: collect(view.blocks, value),
        ...chosen,
      });
      change((s) => delete s.ui.busy[busy]);
      report(answer.ok ? null : sentence(answer.error));
    },
    set: (block, el, chosen, { quiet = false } = {}) => {
      store(key, block, el, chosen);
      const tells = block.type !== "input" || block.dispatch_action;
      if (tells && !quiet) surface.act(block, el, chosen);
    },
  };
  return surface;
}
