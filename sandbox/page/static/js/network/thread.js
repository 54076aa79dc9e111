/** The flat list of posts as conversations. */

/**
 * @param {object[]} posts oldest first
 * @returns {{root: object, comments: {status: object, depth: number, to: object}[]}[]} newest conversation first
 */
export function conversations(posts) {
  const byId = new Map(posts.map((one) => [one.id, one]));
  const children = new Map();
  const roots = [];
  for (const one of posts) {
    if (!byId.has(one.in_reply_to_id)) roots.push(one);
    else children.set(one.in_reply_to_id, [...(children.get(one.in_reply_to_id) ?? []), one]);
  }
  return roots.reverse().map((root) => ({ root, comments: beneath(root, children, 1) }));
}

function beneath(parent, children, depth) {
  return (children.get(parent.id) ?? []).flatMap((status) => [
    { status, depth: Math.min(depth, 2), to: parent },
    ...beneath(status, children, depth + 1),
  ]);
}
