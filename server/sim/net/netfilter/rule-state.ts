import type { Time } from "../../kernel/index.ts";
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

/** Takes a token from a bucket that fills at `perSecond` up to `burst`; false if it is empty (xt_limit). */
export function takeToken(ns: Namespace, rule: number, perSecond: number, burst: number): boolean {
  const buckets = ns.quietRows<number, Bucket>("limit");
  const now = ns.kernel.now;
  const bucket = buckets.get(rule) ?? { tokens: burst, at: now };
  const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000_000) * perSecond);
  buckets.set(rule, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
  return tokens >= 1;
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
  ns.quietRows("statistic").delete(rule as never);
  ns.quietRows("limit").delete(rule as never);
}
