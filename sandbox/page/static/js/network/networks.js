/** The networks the page shows, one tab each. A new one is one more line. */
export const NETWORKS = [
  {
    id: "mastodon",
    name: "Mastodon",
    visibilities: [
      { id: "public", label: "public", note: "Anyone sees it" },
      { id: "unlisted", label: "unlisted", note: "Anyone with the link" },
      { id: "private", label: "followers", note: "Only followers" },
      { id: "direct", label: "private", note: "Only Brightleaf" },
    ],
    maxLength: 500,
  },
];

export function network(id) {
  return NETWORKS.find((one) => one.id === id) ?? NETWORKS[0];
}
