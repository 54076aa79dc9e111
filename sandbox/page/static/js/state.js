/** The page's state: what the servers told last, and what this reader has chosen and typed. */

const KEPT = ["customer", "agent", "channel", "theme", "tourClosed"];
const STORE = "tierdesk-sandbox";

export const state = {
  slack: null,
  network: null,
  helpdesk: null,
  story: null,
  control: null,
  /** Private conversations of every customer, by handle: what badges are counted from. */
  dms: {},
  ui: {
    connected: true,
    customer: "ana",
    network: "mastodon",
    feedView: "feed",
    visibility: "public",
    context: null,
    agent: "U0MIHAI",
    channel: "C0CARE",
    home: false,
    thread: null,
    pane: "customers",
    helper: "rita",
    ticket: null,
    ticketWriting: "reply",
    ticketsRead: {},
    drafts: {},
    lastRead: {},
    seenDms: {},
    /** Networks on which something was written since the reader last looked, by id. */
    news: {},
    warnings: {},
    busy: {},
    toasts: [],
    theme: "system",
    tourClosed: false,
    tourStep: 0,
    ...kept(),
  },
};

let draw = () => {};
let planned = false;

/** Change the state and redraw once in the next frame. */
export function change(how) {
  how(state);
  keep();
  if (planned) return;
  planned = true;
  // A hidden tab has no frames; a timer keeps counts right there too.
  (document.hidden ? setTimeout : requestAnimationFrame)(() => {
    planned = false;
    draw(state);
  });
}

export function onChange(drawAll) {
  draw = drawAll;
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}");
  } catch {
    return {}; // storage switched off or a value from elsewhere: the defaults are fine
  }
}

function keep() {
  const values = Object.fromEntries(KEPT.map((name) => [name, state.ui[name]]));
  try {
    localStorage.setItem(STORE, JSON.stringify(values));
  } catch {
    // Storage switched off: the choice lasts until the page is closed.
  }
}
