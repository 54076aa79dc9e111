/**
 * The networks the page shows, one tab each. A new one is one more entry: `base` is where its people
 * act, `source` the name that its changes are signalled under; `chains` where a private message
 * answers the one before it, `edits` where people may change what they wrote.
 */
export const NETWORKS = [
  {
    id: "mastodon",
    name: "Mastodon",
    base: "/mastodon",
    source: "network",
    visibilities: [
      { id: "public", label: "public", note: "Anyone sees it" },
      { id: "unlisted", label: "unlisted", note: "Anyone with the link" },
      { id: "private", label: "followers", note: "Only followers" },
      { id: "direct", label: "private", note: "Only Brightleaf" },
    ],
    maxLength: 500,
    chains: true,
    edits: true,
    prompt: "Say something to Brightleaf…",
  },
  {
    id: "x",
    name: "X",
    base: "/x",
    source: "x",
    visibilities: [
      { id: "public", label: "public", note: "Anyone sees it; it mentions Brightleaf" },
      { id: "unmentioned", label: "no mention", note: "Only a search finds it, and X lets nobody answer who was not called" },
      { id: "direct", label: "private", note: "Only Brightleaf" },
    ],
    maxLength: 280,
    edits: true,
    prompt: "Say something to Brightleaf…",
  },
  {
    id: "instagram",
    name: "Instagram",
    base: "/meta",
    source: "meta",
    visibilities: [
      { id: "public", label: "public", note: "A comment under the newest post; press Comment under another one" },
      { id: "direct", label: "private", note: "Only Brightleaf" },
    ],
    maxLength: 2200,
    prompt: "Comment on the newest post…",
  },
];

export function network(id) {
  return NETWORKS.find((one) => one.id === id) ?? NETWORKS[0];
}
