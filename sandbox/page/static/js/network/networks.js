/**
 * The networks the page shows, one tab each. A new one is one more entry: `base` is where its people
 * act, `source` the name that its changes are signalled under.
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
  },
];

export function network(id) {
  return NETWORKS.find((one) => one.id === id) ?? NETWORKS[0];
}
