/** Keeps the state fresh: a change signal names a source, that source is fetched again. */
import { get } from "./api.js";
import { network, NETWORKS } from "./network/networks.js";
import { change, state } from "./state.js";

const QUIET_MS = 60;
const WRITTEN = new Set(["status", "post", "comment", "message"]);

const LOADERS = {
  slack: async () => {
    const agent = state.ui.agent;
    const told = await get(`/slack/people/state?as=${encodeURIComponent(agent)}`);
    if (agent === state.ui.agent) change((s) => (s.slack = told));
  },
  network: async () => {
    const { customer, network: id } = state.ui;
    const told = await peopleOf(id, customer);
    if (customer !== state.ui.customer || id !== state.ui.network) return;
    change((s) => {
      s.network = told;
      s.dms[customer] = conversation(told);
    });
    wanted.dms();
  },
  dms: async () => {
    const id = state.ui.network;
    for (const { acct } of state.network?.customers ?? []) {
      if (acct === state.ui.customer) continue;
      const told = await peopleOf(id, acct);
      if (id !== state.ui.network) return;
      change((s) => (s.dms[acct] = conversation(told)));
    }
  },
  helpdesk: async () => {
    const told = await get("/zendesk/people/state");
    change((s) => (s.helpdesk = told));
  },
  story: async () => {
    const told = await get("/sandbox/story");
    change((s) => (s.story = told));
  },
  control: async () => {
    const told = await get("/sandbox/control");
    change((s) => (s.control = told));
  },
};

/** A network as one of its people sees it. */
function peopleOf(id, acct) {
  return get(`${network(id).base}/people/state?as=${encodeURIComponent(acct)}`);
}

function conversation(told) {
  return (told.dms ?? []).flatMap((one) => one.statuses);
}

/** One fetch at a time per source; signals that come meanwhile cause exactly one more. */
function gathered(load, quiet) {
  let timer = null;
  let running = false;
  let again = false;
  const run = async () => {
    timer = null;
    running = true;
    try {
      await load();
    } catch {
      change((s) => (s.ui.connected = false));
    }
    running = false;
    if (again) plan();
  };
  const plan = () => {
    again = running;
    if (!running && timer === null) timer = setTimeout(run, quiet);
  };
  return plan;
}

const wanted = Object.fromEntries(
  Object.entries(LOADERS).map(([name, load]) => [name, gathered(load, name === "dms" ? 500 : QUIET_MS)]),
);

/** @param {"slack"|"network"|"helpdesk"|"story"|"control"} source */
export function refetch(source) {
  wanted[source]?.();
}

export function refetchAll() {
  for (const source of ["slack", "network", "helpdesk", "story", "control"]) refetch(source);
}

/** Listen for change signals until the page is closed; the browser reconnects by itself. */
export function listen() {
  const source = new EventSource("/sandbox/events");
  source.onopen = () => {
    change((s) => (s.ui.connected = true));
    refetchAll();
  };
  source.onerror = () => change((s) => (s.ui.connected = false));
  source.onmessage = (event) => hear(JSON.parse(event.data));
}

function hear(signal) {
  const heard = NETWORKS.find((one) => one.source === signal.source);
  if (heard) {
    if (heard.id === state.ui.network) refetch("network");
    else if (WRITTEN.has(signal.what)) change((s) => (s.ui.news[heard.id] = true));
  } else if (signal.source in LOADERS) refetch(signal.source);
  else refetchAll();
  if (signal.source === "control") refetchAll();
  if (signal.what === "reset") change((s) => (s.ui.news = {}));
}
