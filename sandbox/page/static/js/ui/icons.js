/** Line icons drawn with strokes, so that no sign depends on the reader's emoji font. */
import { h } from "./vdom.js";

const PATHS = {
  play: "M7 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  reset: "M4 5v5h5M4.6 15a8 8 0 1 0 1.3-8.2L4 10",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  sun: "M12 4V2M12 22v-2M4 12H2M22 12h-2M5.6 5.6 4.2 4.2M19.8 19.8l-1.4-1.4M5.6 18.4l-1.4 1.4M19.8 4.2l-1.4 1.4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  help: "M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2.2M12 17.5v.5",
  close: "M6 6l12 12M18 6 6 18",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  reply: "M10 8V4l-7 7 7 7v-4c5 0 8 1.5 11 5-1-6-4-11-11-11z",
  thread: "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5",
  heart: "M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.4 4.2 4.2 0 0 1 19.5 10c0 5.400-7.5 10-7.5 10z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 10h.01M15 10h.01M8.5 14a4 4 0 0 0 7 0",
  send: "M4 12 20 4l-5 16-3.5-6.500z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  back: "M15 5l-7 7 7 7",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.500V12l3 2",
  hidden: "M4 4l16 16M9.900 6a9 9 0 0 1 2.100-.3c6 0 9.500 6.300 9.500 6.300a17 17 0 0 1-3 3.700M6 8a17 17 0 0 0-3.500 4S6 18.300 12 18.300a9 9 0 0 0 3.500-.7M10 10.200a2.700 2.700 0 0 0 3.800 3.800",
  warning: "M12 4 2.5 20h19zM12 10v4.500M12 17.500v.01",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9z",
  unlisted: "M7 11h10v9H7zM9 11V8a3 3 0 0 1 5.800-1",
  mail: "M3 6h18v12H3zM3 7l9 7 9-7",
  check: "M5 12.5 10 17 19 7",
  down: "M6 9l6 6 6-6",
  pen: "M4 20l1-4L16 5l3 3L8 19z",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  users: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.500a3.5 3.5 0 0 1 0 6.500M18 14.500c2.300.8 3.5 2.700 3.5 5.5",
};

/** @param {keyof typeof PATHS} name  the word for it belongs on the element around the icon */
export function icon(name) {
  return h(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    h("path", { d: PATHS[name] }),
  );
}
