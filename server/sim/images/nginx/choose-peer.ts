import type { DaemonProcess } from "../../host/index.ts";
import { SECOND } from "../../kernel/index.ts";
import { count, countersOf, type RoundRobin } from "./counters.ts";
import type { Peer, Upstream } from "./upstream.ts";

export interface Chosen {
  readonly peer: Peer;
  worked(): void;
  /** It is left alone for fail_timeout (max_fails=1), unless it is the only one. */
  failed(): void;
}

const FAIL_TIMEOUT = 10 * SECOND;

/** The next server of an upstream: smooth weighted round robin (ngx_http_upstream_round_robin.c). `tried` have failed before. */
export function choosePeer(
  self: DaemonProcess,
  upstream: Upstream,
  tried: readonly string[],
  client: string,
): Chosen | undefined {
  const { peers, name } = upstream;
  if (peers.length === 1) return { peer: peers[0]!, worked: () => {}, failed: () => {} };
  const state: RoundRobin = countersOf(self).rounds[name] ?? { current: peers.map(() => 0), failed: {} };
  const usable = (peer: Peer): boolean =>
    !peer.down && !tried.includes(peer.text) && (state.failed[peer.text] ?? 0) <= self.kernel.now;
  const random = (below: number): number => (below < 2 ? 0 : self.kernel.random.below("nginx/random", below));
  const found =
    pick(upstream, state, client, random, (peer) => !peer.backup && usable(peer)) ??
    pick(upstream, state, client, random, (peer) => peer.backup && usable(peer));
  const keep = (change: Partial<RoundRobin>): void => {
    const { rounds } = countersOf(self);
    count(self, { rounds: { ...rounds, [name]: { ...(rounds[name] ?? state), ...change } } });
  };
  if (!found) {
    // All are down: they get another chance with the next request.
    keep({ failed: {} });
    return undefined;
  }
  keep({ current: found.current });
  const { peer } = found;
  return {
    peer,
    worked() {
      if (state.failed[peer.text] === undefined) return;
      const { [peer.text]: _, ...failed } = state.failed;
      keep({ failed });
    },
    failed: () => keep({ failed: { ...state.failed, [peer.text]: self.kernel.now + FAIL_TIMEOUT } }),
  };
}

function pick(
  { peers, method }: Upstream,
  state: RoundRobin,
  client: string,
  random: (below: number) => number,
  usable: (peer: Peer) => boolean,
): { peer: Peer; current: number[] } | undefined {
  if (method === "ip_hash") {
    const first = hashed(peers, client, usable);
    return first && { peer: first, current: [...state.current] };
  }
  if (method === "random") {
    // `two least_conn` takes the one of two with fewer connections: here none is open longer than a request.
    const all = peers.filter(usable);
    const chosen = all[random(all.length)];
    return chosen && { peer: chosen, current: [...state.current] };
  }
  const current = [...state.current];
  let best = -1;
  let total = 0;
  for (const [at, peer] of peers.entries()) {
    if (!usable(peer)) continue;
    current[at] = (current[at] ?? 0) + peer.weight;
    total += peer.weight;
    if (best < 0 || current[at] > current[best]!) best = at;
  }
  if (best < 0) return undefined;
  current[best]! -= total;
  return { peer: peers[best]!, current };
}

/** ngx_http_upstream_ip_hash_module.c: the first three numbers of the client's address decide. */
function hashed(peers: readonly Peer[], client: string, usable: (peer: Peer) => boolean): Peer | undefined {
  const bytes = client.includes(":")
    ? [...client].map((char) => char.charCodeAt(0))
    : client.split(".").slice(0, 3).map(Number);
  const weight = peers.reduce((sum, peer) => sum + peer.weight, 0);
  let hash = 89;
  for (let attempt = 0; attempt < 20; attempt++) {
    for (const byte of bytes) hash = (hash * 113 + byte) % 6271;
    let left = hash % weight;
    const peer = peers.find((other) => (left -= other.weight) < 0);
    if (peer && usable(peer)) return peer;
  }
  return peers.find(usable);
}
