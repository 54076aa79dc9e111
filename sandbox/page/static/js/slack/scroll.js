/** A list that follows its newest line only while the reader is at the bottom. */

const NEAR = 60;

const wanted = new Set();

/** Go to the end of a list when it is drawn next: its reader has just written in it. */
export function goToEnd(name) {
  wanted.add(name);
}

/** Hooks for a scrolling element; `name` changes when another list is shown in it. */
export function following(name) {
  const toEnd = (el) => {
    el.scrollTop = el.scrollHeight;
  };
  const mount = (el) => {
    el.following = { name, atEnd: true };
    toEnd(el);
    watchSize(el);
  };
  const refreshed = (el) => {
    if (el.following.name !== name || wanted.delete(name)) el.following = { name, atEnd: true };
    if (el.following.atEnd) toEnd(el);
  };
  const scrolled = (event) => {
    const el = event.currentTarget;
    el.following.atEnd = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR;
  };
  return { onmount: mount, onrefresh: refreshed, on: { scroll: scrolled } };
}

/** A thread that opens or a field that grows must not push the newest line out of sight. */
function watchSize(el) {
  new ResizeObserver(() => {
    if (el.following.atEnd) el.scrollTop = el.scrollHeight;
  }).observe(el);
}
