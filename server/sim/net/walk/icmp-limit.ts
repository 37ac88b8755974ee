import { addressText, type Address } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import { isLocal } from "../route/address-type.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { CODE, UNREACHABLE_TYPE } from "./icmp-code.ts";

/** What a host may still send to one receiver, in microseconds, and as of when. */
interface Allowance {
  readonly left: number;
  readonly at: number;
}

/** XRLIM_BURST_FACTOR: so many errors at once before the rest is a question of time. */
const BURST = 6;

/**
 * True if a host may send an ICMP error to a receiver now: kinds of `icmp_ratemask` only so often as `icmp_ratelimit` lets them
 * (icmpv4_xrlim_allow, inet_peer_xrlim_allow). That a packet was too large is always told.
 */
export function mayReport(ns: Namespace, receiver: Address, type: number, code: number): boolean {
  if (type === UNREACHABLE_TYPE && code === CODE.fragmentation) return true;
  const configuration = configurationOf(ns);
  const interval = configuration.icmpInterval;
  if (interval === 0 || ((configuration.icmpLimited >>> type) & 1) === 0 || isLocal(ns, receiver)) return true;
  const rows = ns.quietRows<string, Allowance>("icmp-limit");
  const key = addressText(receiver);
  const { now } = ns.kernel;
  const known = rows.get(key);
  const most = BURST * interval;
  const left = known === undefined ? most : Math.min(most, known.left + now - known.at);
  const allowed = left >= interval;
  if (known === undefined && rows.size >= ns.kernel.limits.networkRows) rows.clear();
  rows.set(key, { left: allowed ? left - interval : left, at: now });
  return allowed;
}
