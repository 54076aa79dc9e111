/**
 * A small keyed virtual DOM. Text only ever becomes text nodes, so nothing a customer writes can
 * turn into markup; elements that did not change are never touched, so focus, selection and
 * scroll positions survive every refresh.
 */

const SVG = new Set(["svg", "path", "circle", "rect"]);
let mounted = [];

/**
 * Describe an element.
 * @param {string} tag
 * @param {object|null} props attributes; `key`; `on` = {event: handler}; `prop` = {property: value}
 *   (kept equal at every refresh); `vars` = {"--custom": value}; hooks `onmount(el)`,
 *   `onrefresh(el)`, `onremove(el)`.
 * @param {...any} children nodes, strings, arrays; null and booleans are left out
 */
export function h(tag, props, ...children) {
  const own = props ?? {};
  return { tag, props: own, key: own.key ?? null, children: flat(children, []), el: null };
}

function flat(list, out) {
  for (const child of list) {
    if (child === null || child === undefined || typeof child === "boolean") continue;
    if (Array.isArray(child)) flat(child, out);
    else if (typeof child === "object") out.push(child);
    else out.push({ tag: "#text", text: String(child), props: {}, key: null, children: [] });
  }
  return out;
}

/** Make `parent`'s children equal to `next`; returns what to pass as `before` the next time. */
export function render(parent, before, next) {
  const wanted = flat([next], []);
  reconcile(parent, before ?? [], wanted);
  const hooks = mounted;
  mounted = [];
  for (const hook of hooks) hook();
  return wanted;
}

function reconcile(parent, before, next) {
  const pool = sortPool(before);
  const pairs = next.map((node) => [node, takeMatch(pool, node)]);
  for (const gone of leftovers(pool)) remove(gone);
  let cursor = parent.firstChild;
  for (const [node, old] of pairs) {
    const el = old ? refresh(old, node) : create(node);
    if (el === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(el, cursor);
  }
}

function sortPool(before) {
  const pool = { keyed: new Map(), loose: [] };
  for (const node of before) {
    if (node.key === null || pool.keyed.has(node.key)) pool.loose.push(node);
    else pool.keyed.set(node.key, node);
  }
  return pool;
}

function takeMatch(pool, node) {
  if (node.key !== null) {
    const old = pool.keyed.get(node.key);
    if (!old || old.tag !== node.tag) return null;
    pool.keyed.delete(node.key);
    return old;
  }
  const at = pool.loose.findIndex((old) => old.tag === node.tag);
  return at < 0 ? null : pool.loose.splice(at, 1)[0];
}

function leftovers(pool) {
  return [...pool.keyed.values(), ...pool.loose];
}

function create(node) {
  if (node.tag === "#text") {
    node.el = document.createTextNode(node.text);
    return node.el;
  }
  const svg = SVG.has(node.tag);
  node.el = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", node.tag)
    : document.createElement(node.tag);
  node.el.handlers = {};
  reconcile(node.el, [], node.children);
  applyProps(node.el, {}, node.props);
  if (node.props.onmount) mounted.push(() => node.props.onmount(node.el));
  return node.el;
}

function refresh(old, node) {
  node.el = old.el;
  if (node === old) return node.el;
  if (node.tag === "#text") {
    if (old.text !== node.text) node.el.data = node.text;
    return node.el;
  }
  reconcile(node.el, old.children, node.children);
  applyProps(node.el, old.props, node.props);
  if (node.props.onrefresh) mounted.push(() => node.props.onrefresh(node.el));
  return node.el;
}

function remove(node) {
  tellRemoved(node);
  node.el.remove();
}

function tellRemoved(node) {
  node.props.onremove?.(node.el);
  node.children.forEach(tellRemoved);
}

const RESERVED = new Set(["key", "on", "prop", "vars", "onmount", "onrefresh", "onremove"]);

function applyProps(el, before, next) {
  for (const name of Object.keys(before)) {
    if (!RESERVED.has(name) && !(name in next)) el.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(next)) {
    if (!RESERVED.has(name) && value !== before[name]) setAttribute(el, name, value);
  }
  applyHandlers(el, next.on ?? {});
  for (const [name, value] of Object.entries(next.vars ?? {})) el.style.setProperty(name, value);
  for (const [name, value] of Object.entries(next.prop ?? {})) {
    if (el[name] !== value) el[name] = value;
  }
}

function setAttribute(el, name, value) {
  if (value === null || value === undefined || value === false) el.removeAttribute(name);
  else el.setAttribute(name, value === true ? "" : String(value));
}

function applyHandlers(el, handlers) {
  for (const name of Object.keys(handlers)) {
    if (!(name in el.handlers)) el.addEventListener(name, (event) => el.handlers[name]?.(event));
  }
  for (const name of Object.keys(el.handlers)) el.handlers[name] = handlers[name];
  for (const name of Object.keys(handlers)) el.handlers[name] = handlers[name];
}
