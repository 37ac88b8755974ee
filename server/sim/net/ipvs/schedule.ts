import type { Address } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import type { Packet } from "../walk/packet.ts";
import { destinationKey, serviceKey, type DestinationRow, type ServiceRow } from "./row.ts";
import { loadKey, loadsOf, type Load } from "./services.ts";

/** Where a scheduler that goes round stands: the real server that was chosen last, and the weight it looks for (wrr). */
interface Turn {
  readonly last: string;
  readonly weight: number;
}

const IDLE: Load = { active: 0, inactive: 0, persistent: 0 };

/** Chooses a real server for a new connection; none if all are overloaded or have no weight (ip_vs_<name>.c). */
export function schedule(ns: Namespace, service: ServiceRow, packet: Packet): DestinationRow | undefined {
  const loads = loadsOf(ns);
  const key = serviceKey(service.at);
  const load = ({ address, port }: DestinationRow): Load =>
    loads.get(loadKey({ service: key, real: address, realPort: port })) ?? IDLE;
  const all = service.destinations;
  const free = all.filter((one) => one.weight > 0 && !isOverloaded(one, load(one)));
  if (free.length === 0) return undefined;
  switch (service.scheduler) {
    case "rr":
      return inTurn(ns, key, all, (one) => free.includes(one));
    case "wrr":
      return byWeight(ns, key, all, free);
    case "lc":
      return least(free, (one) => overhead(load(one)));
    case "wlc":
      return least(free, (one) => overhead(load(one)) / one.weight);
    case "sed":
      return least(free, (one) => (load(one).active + 1) / one.weight);
    case "nq":
      return free.find((one) => load(one).active === 0) ?? least(free, (one) => (load(one).active + 1) / one.weight);
    case "sh":
      return hashed(all, free, packet.src);
    case "dh":
      return hashed(all, free, packet.dst);
    case "fo":
      return least(free, (one) => -one.weight);
  }
}

function isOverloaded({ upper }: DestinationRow, { active, inactive }: Load): boolean {
  return upper > 0 && active + inactive >= upper;
}

/** An active connection counts as 256 others (ip_vs_dest_conn_overhead). */
function overhead({ active, inactive }: Load): number {
  return active * 256 + inactive;
}

function least(list: readonly DestinationRow[], cost: (one: DestinationRow) => number): DestinationRow {
  return list.reduce((best, one) => (cost(one) < cost(best) ? one : best));
}

function inTurn(
  ns: Namespace,
  key: string,
  all: readonly DestinationRow[],
  fits: (one: DestinationRow) => boolean,
): DestinationRow | undefined {
  const turns = ns.quietRows<string, Turn>("ipvs/turns");
  const at = all.findIndex((one) => destinationKey(one) === turns.get(key)?.last);
  for (let step = 1; step <= all.length; step++) {
    const next = all[(at + step) % all.length]!;
    if (!fits(next)) continue;
    turns.set(key, { last: destinationKey(next), weight: 0 });
    return next;
  }
  return undefined;
}

/** Goes round for those whose weight reaches a mark, which falls by the weights' common divisor with every round. */
function byWeight(
  ns: Namespace,
  key: string,
  all: readonly DestinationRow[],
  free: readonly DestinationRow[],
): DestinationRow | undefined {
  const turns = ns.quietRows<string, Turn>("ipvs/turns");
  const turn = turns.get(key);
  const step = all.reduce((divisor, { weight }) => gcd(weight, divisor), 0);
  const max = Math.max(...all.map(({ weight }) => weight));
  let at = all.findIndex((one) => destinationKey(one) === turn?.last);
  let mark = turn?.weight ?? 0;
  for (let tries = 0; tries <= all.length * (max / step + 1); tries++) {
    at = (at + 1) % all.length;
    if (at === 0) {
      mark -= step;
      if (mark <= 0) mark = max;
    }
    const one = all[at]!;
    if (one.weight < mark || !free.includes(one)) continue;
    turns.set(key, { last: destinationKey(one), weight: mark });
    return one;
  }
  return undefined;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

const BUCKETS = 256;

/** 256 places are dealt out by weight; an address always comes to the same one (ip_vs_sh_reassign, hash_32). */
function hashed(
  all: readonly DestinationRow[],
  free: readonly DestinationRow[],
  address: Address,
): DestinationRow | undefined {
  const places: DestinationRow[] = [];
  for (let at = 0; places.length < BUCKETS; at++) {
    const one = all[at % all.length]!;
    for (let count = 0; count < Math.max(1, one.weight) && places.length < BUCKETS; count++) places.push(one);
  }
  const folded =
    typeof address === "number"
      ? address
      : Number(BigInt.asIntN(32, address ^ (address >> 32n) ^ (address >> 64n) ^ (address >> 96n)));
  const chosen = places[Math.imul(folded, 0x61c88647) >>> 24]!;
  return free.includes(chosen) ? chosen : undefined;
}
