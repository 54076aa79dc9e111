/** Times in the reader's own zone, always on a 24-hour clock. */

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const LOCALE = "en-GB";

function written(date, options) {
  return new Intl.DateTimeFormat(LOCALE, options).format(date);
}

export function clock(date) {
  return written(date, CLOCK);
}

export function full(date) {
  return written(date, { dateStyle: "full", timeStyle: "medium" });
}

/** Slack's ts ("1700000000.000100") as a date. */
export function fromTs(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** "now", "4 min", "2 h", "3 d" */
export function ago(date, now = Date.now()) {
  const minutes = Math.floor((now - date.getTime()) / 60000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 60 * 24) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} d`;
}

/** "Today", "Yesterday", "Tomorrow" or null */
function nearDay(date) {
  const midnight = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const days = Math.round((midnight(date) - midnight(new Date())) / 86400000);
  return { 0: "Today", [-1]: "Yesterday", 1: "Tomorrow" }[days] ?? null;
}

/** "14:05", "tomorrow 14:05", "Sun 30 Nov 14:05" */
export function soon(date) {
  const day = nearDay(date)?.toLowerCase() ?? written(date, { weekday: "short", day: "numeric", month: "short" });
  return day === "today" ? clock(date) : `${day} ${clock(date)}`;
}

export function dayName(date) {
  return nearDay(date) ?? written(date, { weekday: "long", day: "numeric", month: "long" });
}

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const PLAIN = { day: "numeric", month: "long", year: "numeric" };
const SHORT = { day: "numeric", month: "short", year: "numeric" };

const FORMATS = {
  date_num: (date) => written(date, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-"),
  date: (date) => written(date, PLAIN),
  date_short: (date) => written(date, SHORT),
  date_long: (date) => written(date, LONG),
  date_pretty: (date) => pretty(date, PLAIN),
  date_short_pretty: (date) => pretty(date, SHORT),
  date_long_pretty: (date) => pretty(date, LONG),
  day_divider_pretty: (date) => pretty(date, LONG),
  time: clock,
  time_secs: (date) => written(date, { ...CLOCK, second: "2-digit" }),
  ago: (date) => `${ago(date)} ago`,
};

function pretty(date, options) {
  return nearDay(date)?.toLowerCase() ?? written(date, options);
}

/**
 * Slack's date token ("Formatting text for app surfaces", date formatting).
 * @param {string} seconds Unix time
 * @param {string} format e.g. "{date_short_pretty} at {time}"
 */
export function dateToken(seconds, format, fallback) {
  const at = Number.parseInt(seconds, 10);
  if (!Number.isFinite(at)) return fallback;
  const date = new Date(at * 1000);
  return format.replace(/\{(\w+)\}/g, (whole, name) => FORMATS[name]?.(date) ?? whole);
}
