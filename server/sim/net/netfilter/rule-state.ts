import type { Duration, Time } from "../../kernel/index.ts";
import type { Namespace } from "../namespace.ts";

/** Counts the packets that a `statistic --mode nth` rule has looked at, from 0; lives as long as its rule. */
export function statisticCount(ns: Namespace, rule: number): number {
  const counts = ns.quietRows<number, number>("statistic");
  const count = counts.get(rule) ?? 0;
  counts.set(rule, count + 1);
  return count;
}

/** Tokens of a `limit` rule and when they were counted. */
export interface Bucket {
  readonly tokens: number;
  readonly at: Time;
}

/** How a bucket fills, what it holds, and what one packet takes from it. `keep`: how long it is remembered, if not for ever. */
export interface Allowance {
  readonly perSecond: number;
  readonly room: number;
  readonly cost: number;
  readonly keep?: Duration;
}

/** Takes tokens from a bucket; false, and none are taken, if there are too few. */
export function spend(ns: Namespace, table: string, key: number | string, allowance: Allowance): boolean {
  const { perSecond, room, cost, keep = Infinity } = allowance;
  const buckets = ns.quietRows<number | string, Bucket>(table);
  const now = ns.kernel.now;
  const known = buckets.get(key);
  const bucket = known && now - known.at <= keep ? known : { tokens: room, at: now };
  const tokens = Math.min(room, bucket.tokens + ((now - bucket.at) / 1_000_000) * perSecond);
  const enough = tokens >= cost;
  buckets.set(key, { tokens: enough ? tokens - cost : tokens, at: now });
  return enough;
}

/** Takes a token from a bucket that fills at `perSecond` up to `burst`; false if it is empty (xt_limit). */
export function takeToken(ns: Namespace, rule: number, perSecond: number, burst: number): boolean {
  return spend(ns, "limit", rule, { perSecond, room: burst, cost: 1 });
}

/** Takes bytes from what a `quota` rule has left; false, and nothing is left, once they are too many (xt_quota). */
export function takeQuota(ns: Namespace, rule: number, quota: number, bytes: number): boolean {
  const left = ns.quietRows<number, number>("quota");
  const rest = (left.get(rule) ?? quota) - bytes;
  left.set(rule, Math.max(0, rest));
  return rest >= 0;
}

/** Remembers that a rule saw a flow, and tells how many of those that it saw with the same key are still there (nf_conncount). */
export function countFlows(
  ns: Namespace,
  rule: number,
  key: string,
  flow: number,
  alive: (flow: number) => boolean,
): number {
  const seen = ns.quietRows<string, readonly number[]>("connlimit");
  const place = `${rule} ${key}`;
  const flows = (seen.get(place) ?? []).filter((other) => other !== flow && alive(other));
  flows.push(flow);
  seen.set(place, flows);
  return flows.length;
}

/** When an address was seen, latest last: a list of xt_recent, shared by all rules that name it. */
export interface RecentRow {
  readonly stamps: readonly Time[];
  readonly ttl: number;
}

export function recentList(ns: Namespace) {
  return ns.quietRows<string, RecentRow>("recent");
}

/** Forgets what was kept for a rule that is gone. */
export function dropRuleState(ns: Namespace, rule: number): void {
  ns.quietRows("statistic").delete(rule);
  ns.quietRows("limit").delete(rule);
  ns.quietRows("quota").delete(rule);
}
