/** What each step costs, in nanoseconds: a quick machine whose caches are warm. A LAN's own latency stands in its row. */
export const LATENCY = {
  send: 3_000,
  deliver: 3_000,
  forward: 2_000,
  hook: 300,
  loopback: 2_000,
  veth: 1_500,
  bridge: 1_000,
  stacked: 500,
  tunnel: 2_500,
  card: 8_000,
  /** A question and its answer on a link that was not asked before. */
  ask: 30_000,
} as const;
