import type { RouteOp, RuleOp } from "./op.ts";
import { sameKey } from "./addresses.ts";
import {
  find,
  inside,
  ip,
  isLocal,
  LINK,
  type Link,
  network,
  prefix,
  type Route,
  type Rule,
  type Stack,
  UNIVERSE,
} from "./stack.ts";

export function plainRule(pref: number, action: number): Rule {
  return { pref, from: undefined, to: undefined, iif: undefined, mark: undefined, action };
}

export function addRoute(stack: Stack, op: RouteOp): boolean {
  const to = prefix(op.to);
  if (network(to.ip, to.length) !== to.ip) return false;
  const src = op.src === undefined ? undefined : ip(op.src);
  let dev = op.dev === undefined ? undefined : find(stack, op.dev);
  if (op.dev !== undefined && !dev) return false;
  const via = op.via === undefined ? undefined : ip(op.via);
  let ownGateway = false;
  if (op.kind === "unicast") {
    if (via !== undefined) {
      const way = lookup(stack, { dst: via, src: 0, mark: 0, iif: "lo", scope: LINK, oif: dev });
      if (!way || (way.type !== "unicast" && way.type !== "local")) return false;
      ownGateway = way.type === "local";
      dev ??= way.dev;
      if (!dev?.up) return false;
    } else if (!dev?.up) return false;
  }
  if (src !== undefined && !isLocal(stack, src)) return false;
  const route: Route = {
    type: op.kind,
    to,
    table: op.table ?? 254,
    metric: op.metric ?? 0,
    scope: op.kind === "unicast" && via === undefined ? LINK : UNIVERSE,
    dev,
    via,
    ownGateway,
    src,
    mtu: op.mtu,
  };
  const twin = stack.routes.findIndex((other) => sameKey({ ...other, type: route.type }, route));
  if (twin >= 0 && op.verb === "add") return false;
  if (twin >= 0) stack.routes.splice(twin, 1, route);
  else stack.routes.push(route);
  return true;
}

export function deleteRoute(stack: Stack, op: RouteOp): boolean {
  const to = prefix(op.to);
  const candidates = stack.routes
    .filter(({ table, to: key }) => table === (op.table ?? 254) && key.ip === to.ip && key.length === to.length)
    .sort((a, b) => a.metric - b.metric);
  const gone = candidates.find(({ metric }) => !op.metric || op.metric === metric);
  stack.routes = stack.routes.filter((route) => route !== gone);
  return gone !== undefined;
}

export interface Wanted {
  readonly dst: number;
  /** 0: none yet. */
  readonly src: number;
  readonly mark: number;
  readonly iif: string;
  /** Only routes that reach no farther count. */
  readonly scope?: number;
  readonly oif?: Link | undefined;
}

/** The route by rules and tables; a rule that refuses looks like a route that does. */
export function lookup(stack: Stack, wanted: Wanted): Route | undefined {
  for (const one of stack.rules) {
    if (one.from && !(inside(one.from, wanted.src) && (wanted.src !== 0 || one.from.length === 0))) continue;
    if (one.to && !inside(one.to, wanted.dst)) continue;
    if (one.iif !== undefined && one.iif !== wanted.iif) continue;
    if (one.mark !== undefined && one.mark !== wanted.mark) continue;
    if (typeof one.action !== "number") return refusal(one.action);
    const best = inTable(stack, one.action, wanted);
    if (best && best.type !== "throw") return best;
  }
  return undefined;
}

function inTable(stack: Stack, table: number, { dst, scope = 0, oif }: Wanted): Route | undefined {
  let best: Route | undefined;
  for (const route of stack.routes) {
    if (route.table !== table || !inside(route.to, dst) || route.scope < scope) continue;
    if (oif && route.dev && route.dev !== oif) continue;
    if (!best || route.to.length > best.to.length || (route.to.length === best.to.length && route.metric < best.metric))
      best = route;
  }
  return best;
}

function refusal(type: "blackhole" | "unreachable" | "prohibit"): Route {
  const base = { to: prefix("all"), table: 0, metric: 0, scope: 0, dev: undefined, via: undefined };
  return {
    ...base,
    type: type === "unreachable" ? "unicast" : type,
    ownGateway: false,
    src: undefined,
    mtu: undefined,
  };
}

export function rule(stack: Stack, op: RuleOp): boolean {
  const made: Rule = {
    pref: op.pref,
    from: op.from === undefined || op.from === "all" ? undefined : prefix(op.from),
    to: op.to === undefined ? undefined : prefix(op.to),
    iif: op.iif,
    mark: op.mark,
    action: op.action,
  };
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const at = stack.rules.findIndex((other) => same(other, made));
  if (op.verb === "del") {
    const fits = (other: Rule): boolean =>
      (Object.keys(made) as (keyof Rule)[]).every((key) => made[key] === undefined || same(made[key], other[key]));
    const found = stack.rules.findIndex(fits);
    if (found >= 0) stack.rules.splice(found, 1);
    return found >= 0;
  }
  if (at >= 0) return false;
  const before = stack.rules.findIndex(({ pref }) => pref > op.pref);
  stack.rules.splice(before < 0 ? stack.rules.length : before, 0, made);
  return true;
}
