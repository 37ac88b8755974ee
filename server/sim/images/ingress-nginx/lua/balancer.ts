import { createHash } from "node:crypto";
import { RE2JS } from "re2js";
import { httpDate } from "../../go/http.ts";
import { SECOND } from "../../../kernel/index.ts";
import { count, countersOf } from "../../nginx/counters.ts";
import type { Exchange } from "../../nginx/exchange.ts";
import type { Decision } from "../../nginx/rewrite.ts";
import { compileTemplate } from "../../nginx/template.ts";
import { peer, type Peer } from "../../nginx/upstream.ts";
import { evaluate, variable } from "../../nginx/variables.ts";
import { balancersOf, type Backend, type CookieAffinity } from "./backends.ts";
import { resolveExternalNames } from "./external-name.ts";

/** balancer.rewrite(): a location whose backend has no endpoint answers 503 at once. */
export function chooseBackend(exchange: Exchange): Decision {
  return backendOf(exchange) ? undefined : { status: 503 };
}

/** balancer.balance(): the endpoint for the next try. */
export function balance(exchange: Exchange, tried: number): Peer | undefined {
  const backend = backendOf(exchange);
  const found = backend && pick(exchange, backend, tried);
  if (!found) {
    exchange.error(
      `[lua] balancer.lua:349: balance(): no peer was returned, balancer: ${backend?.name ?? "nil"}`,
      "warn",
    );
    return undefined;
  }
  return peer(found.address, Number(found.port));
}

/** The backend that a request has been given to; decided once. */
function backendOf(exchange: Exchange): Backend | undefined {
  const balancers = balancersOf(exchange.connection.self);
  const chosen = exchange.variables.get("proxy_alternative_upstream_name") ?? "";
  if (chosen !== "") return balancers.get(chosen);
  const backend = balancers.get(exchange.variables.get("proxy_upstream_name") ?? "");
  const alternative = backend?.alternativeBackends?.[0];
  if (!backend || alternative === undefined || exchange.variables.has(DECIDED)) return backend;
  exchange.variables.set(DECIDED, "1");
  const other = balancers.get(alternative);
  if (!other) {
    exchange.error(`[lua] balancer.lua:228: no alternative balancer for backend: ${alternative}`);
    return backend;
  }
  if (!routesTo(exchange, backend, other)) return backend;
  exchange.variables.set("proxy_alternative_upstream_name", alternative);
  return other;
}

/** Not a variable of the configuration: the canary was asked already. */
const DECIDED = "\0canary";

/** route_to_alternative_balancer(): affinity, then header, cookie and weight. */
function routesTo(exchange: Exchange, main: Backend, canary: Backend): boolean {
  if (isBoundTo(exchange, main)) return false;
  if (isBoundTo(exchange, canary)) return true;
  const policy = canary.trafficShapingPolicy;
  if (!policy) return false;
  const header = policy.header === "" ? undefined : exchange.header(policy.header.toLowerCase());
  if (header !== undefined) {
    if (policy.headerValue !== "") {
      if (header === policy.headerValue) return true;
    } else if (policy.headerPattern !== "") {
      if (RE2JS.compile(policy.headerPattern).matcher(header).find()) return true;
    } else if (header === "always") return true;
    else if (header === "never") return false;
  }
  const cookie = policy.cookie === "" ? undefined : variable(exchange, `cookie_${policy.cookie}`);
  if (cookie === "always") return true;
  if (cookie === "never") return false;
  const total = policy.weightTotal > 100 ? policy.weightTotal : 100;
  return exchange.connection.self.kernel.random.below("ingress-nginx/canary", total) < policy.weight;
}

type Endpoint = Backend["endpoints"][number];

function pick(exchange: Exchange, backend: Backend, tried: number): Endpoint | undefined {
  const { sessionAffinityConfig: affinity } = backend;
  const endpoints = resolveExternalNames(exchange.connection.self, backend.endpoints);
  if (affinity?.name === "cookie")
    return sticky(exchange, { ...backend, endpoints }, affinity.cookieSessionAffinity, tried);
  const by = backend.upstreamHashByConfig?.["upstream-hash-by"] ?? "";
  if (by !== "") return byHash(endpoints, evaluateText(exchange, by));
  return endpoints[turn(exchange, { name: backend.name, endpoints }) % endpoints.length];
}

/** resty.roundrobin: each worker goes around by itself, from a point of its own choice. */
function turn(exchange: Exchange, { name, endpoints }: Pick<Backend, "name" | "endpoints">): number {
  const { self, worker } = exchange.connection;
  const key = `${worker.pid}/${name}`;
  const { turns = {} } = countersOf(self);
  const next = turns[key] ?? self.kernel.random.below("ingress-nginx/round-robin", endpoints.length);
  count(self, { turns: { ...turns, [key]: next + 1 } });
  return next;
}

/** A key leads to the same endpoint as long as that is there (resty.chash). */
function byHash(endpoints: readonly Endpoint[], key: string): Endpoint | undefined {
  let best: Endpoint | undefined;
  let highest = "";
  for (const endpoint of endpoints) {
    const score = createHash("md5").update(`${endpoint.address}:${endpoint.port} ${key}`).digest("hex");
    if (score <= highest) continue;
    highest = score;
    best = endpoint;
  }
  return best;
}

/** `$request_uri`, `${name}`, or words with them. */
function evaluateText(exchange: Exchange, text: string): string {
  const template = compileTemplate(text);
  return "error" in template ? text : evaluate(exchange, template);
}

/** balancer/sticky.lua: the cookie's value decides; who has none is given one. */
function sticky(exchange: Exchange, backend: Backend, cookie: CookieAffinity, tried: number): Endpoint | undefined {
  const known = cookieKey(exchange, backend, cookie.name);
  if (known !== undefined && (tried === 0 || !cookie.change_on_failure)) return byHash(backend.endpoints, known);
  const { self, worker, context } = exchange.connection;
  const random = self.kernel.random.below("ingress-nginx/sticky", 999_999) + 1;
  const key = `${(context.now / SECOND).toFixed(3)}.${worker.pid}.${random}`;
  const endpoint = byHash(backend.endpoints, key);
  if (isForCookie(exchange, cookie)) setCookie(exchange, backend, cookie, key);
  return endpoint;
}

function backendKey({ name }: Backend): string {
  const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
  return md5(md5(name) + name);
}

function cookieKey(exchange: Exchange, backend: Backend, name: string): string | undefined {
  const [key, of] = (variable(exchange, `cookie_${name}`) ?? "").split("|");
  return key === undefined || key === "" || (of !== undefined && of !== backendKey(backend)) ? undefined : key;
}

function isBoundTo(exchange: Exchange, backend: Backend): boolean {
  const affinity = backend.sessionAffinityConfig;
  if (affinity?.name !== "cookie") return false;
  const [, of] = (variable(exchange, `cookie_${affinity.cookieSessionAffinity.name}`) ?? "").split("|");
  return of === backendKey(backend);
}

function isForCookie(exchange: Exchange, { locations = {} }: CookieAffinity): boolean {
  const host = exchange.server.name === "_" ? "_" : (variable(exchange, "host") ?? "");
  const paths = locations[host] ?? locations[host.replace(/^[^.]+\./, "*.")] ?? [];
  return paths.includes(exchange.variables.get("location_path") ?? "");
}

function setCookie(exchange: Exchange, backend: Backend, cookie: CookieAffinity, key: string): void {
  const { now } = exchange.connection.context;
  const path = cookie.path !== undefined && cookie.path !== "" ? cookie.path : exchange.variables.get("location_path")!;
  const secure = cookie.secure ?? variable(exchange, "https") === "on";
  const parts = [
    `${cookie.name}=${key}|${backendKey(backend)}`,
    ...(cookie.expires ? [`Expires=${httpDate(now + Number(cookie.expires) * SECOND)}`] : []),
    ...(cookie.maxage ? [`Max-Age=${cookie.maxage}`] : []),
    ...(cookie.domain ? [`Domain=${cookie.domain}`] : []),
    `Path=${path}`,
    ...(secure ? ["Secure"] : []),
    "HttpOnly",
    ...(cookie.samesite ? [`SameSite=${cookie.samesite}`] : []),
  ];
  exchange.reply.fields.push(["Set-Cookie", parts.join("; ")]);
}
