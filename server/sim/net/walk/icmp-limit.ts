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

/** The kernel's tick in microseconds: 250 in a second. */
const JIFFY = 4_000;

/** XRLIM_BURST_FACTOR: so many errors at once before the rest is a question of time. */
const BURST = 6;

/**
 * True if a host may send an ICMP error to a receiver now: kinds of `icmp_ratemask` only so often as `icmp_ratelimit` lets them
 * (icmpv4_xrlim_allow, inet_peer_xrlim_allow). That a packet was too large is always told.
 */
export function mayReport(ns: Namespace, receiver: Address, type: number, code: number): boolean {
  if (ns.network.unlimitedErrors || (type === UNREACHABLE_TYPE && code === CODE.fragmentation)) return true;
  const configuration = configurationOf(ns);
  const interval = configuration.icmpInterval;
  if (interval === 0 || ((configuration.icmpLimited >>> type) & 1) === 0 || isLocal(ns, receiver)) return true;
  return spend(ns, receiver, interval, BURST * interval);
}

/**
 * True if a router may report now that a route refuses, or that there is none (ip_error): net.ipv4.route.error_cost and error_burst, from
 * the same allowance.
 */
export function mayReportRoute(ns: Namespace, receiver: Address): boolean {
  if (ns.network.unlimitedErrors || typeof receiver !== "number") return true;
  const machine = configurationOf(ns.network.namespace(ns.machine));
  const jiffies = (path: string): number => machine.number(path) * JIFFY;
  return spend(ns, receiver, jiffies("net/ipv4/route/error_cost"), jiffies("net/ipv4/route/error_burst"));
}

function spend(ns: Namespace, receiver: Address, cost: number, most: number): boolean {
  const rows = ns.quietRows<string, Allowance>("icmp-limit");
  const key = addressText(receiver);
  const { now } = ns.kernel;
  const known = rows.get(key);
  const left = known === undefined ? most : Math.min(most, known.left + now - known.at);
  const allowed = left >= cost;
  if (known === undefined && rows.size >= ns.kernel.limits.networkRows) rows.clear();
  rows.set(key, { left: allowed ? left - cost : left, at: now });
  return allowed;
}
