import { SECOND, type Bytes, type Duration } from "../../kernel/index.ts";
import { fetchOnce, fetchUnix, type Fetched } from "../dial.ts";
import { isUnix } from "./listen.ts";
import { namespaceOf, parseAddress, type Errno, type Headers } from "../../net/index.ts";
import { errnoNumber, strerror } from "../../host/index.ts";
import { askServer, lookup } from "../resolver.ts";
import { luaFile } from "./lua.ts";
import { choosePeer, type Chosen } from "./choose-peer.ts";
import { renewReply, type Exchange } from "./exchange.ts";
import type { ConfNode } from "./parse.ts";
import type { Decision } from "./rewrite.ts";
import { escapeUri } from "./static-file.ts";
import { hasVariables } from "./template.ts";
import { peer, resolvePeers, type Upstream } from "./upstream.ts";
import { evaluate } from "./variables.ts";

/** Passes a request on to another server (ngx_http_proxy_module.c, ngx_http_upstream.c). */
export function passOn(exchange: Exchange, node: ConfNode): Decision {
  const target = targetOf(exchange, node);
  if ("status" in target) return target;
  const request = {
    method: method(exchange),
    target: requestTarget(exchange, node, target.uri),
    version: exchange.scope.word("proxy_http_version") === "1.1" ? ("HTTP/1.1" as const) : ("HTTP/1.0" as const),
    headers: requestHeaders(exchange),
    body: requestBody(exchange),
  };
  const { scope, connection } = exchange;
  const { self } = connection;
  const started = exchange.delay;
  const [most, within] = [
    Number(scope.word("proxy_next_upstream_tries") ?? 0),
    scope.time("proxy_next_upstream_timeout", 0),
  ];
  const tried: string[] = [];
  for (;;) {
    const chosen = choose(exchange, target.upstream, tried);
    if (!chosen) {
      exchange.error("no live upstreams while connecting to upstream", "error", `${target.url}${request.target}`);
      return { status: 502 };
    }
    tried.push(chosen.peer.text);
    connection.nextNumber();
    const { address, port } = chosen.peer;
    const fetched = isUnix(address)
      ? fetchUnix(self, address.slice(5), request)
      : fetchOnce(self, address, port, request, target.secure ? { version: "TLSv1.3" } : undefined);
    const answered = "response" in fetched && !wantsNext(exchange, `http_${fetched.response.status}`);
    const status = "response" in fetched ? fetched.response.status : failed(exchange, chosen, fetched, target, request.target); // prettier-ignore
    if ("response" in fetched) exchange.delay += fetched.latency;
    if (answered) {
      chosen.worked();
      return take(exchange, target, chosen, fetched);
    }
    chosen.failed();
    const silent = "failed" in fetched && fetched.failed === "silent";
    const over =
      (target.upstream.balancer === undefined && tried.length >= target.upstream.peers.length) ||
      (most > 0 && tried.length >= most) ||
      (within > 0 && exchange.delay - started >= within) ||
      ("failed" in fetched && fetched.connected && !wantsNext(exchange, "non_idempotent") && !REPEATABLE.has(request.method)) ||
      ("failed" in fetched && !wantsNext(exchange, silent ? "timeout" : "error")); // prettier-ignore
    if (over) return "response" in fetched ? take(exchange, target, chosen, fetched) : { status };
    if ("response" in fetched) note(exchange, chosen.peer.text, status, fetched.latency, 0);
  }
}

/** Methods that may be sent again after a server has had them. */
const REPEATABLE = new Set(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]);

function wantsNext({ scope }: Exchange, what: string): boolean {
  return (scope.find("proxy_next_upstream")[0]?.args ?? ["error", "timeout"]).includes(what);
}

function choose(exchange: Exchange, upstream: Upstream, tried: readonly string[]): Chosen | undefined {
  const { self, context } = exchange.connection;
  if (upstream.balancer === undefined) return choosePeer(self, upstream, tried, context.remote.address);
  // Without an answer of the script it is the placeholder in the block.
  const peer = luaFile(upstream.balancer)?.balance?.(exchange, tried.length) ?? upstream.peers[0];
  return peer && { peer, worked: () => {}, failed: () => {} };
}

/** Adds a try to what the log tells of upstreams. */
function note(
  exchange: Exchange,
  addr: string,
  status: number,
  time: Duration,
  length: number,
  headers: Headers = [],
): void {
  const before = exchange.upstream;
  exchange.upstream = {
    addr: before ? `${before.addr}, ${addr}` : addr,
    status: before ? `${before.status}, ${status}` : String(status),
    times: [...(before?.times ?? []), time],
    lengths: [...(before?.lengths ?? []), length],
    headers,
  };
}

interface Target {
  readonly upstream: Upstream;
  /** The part behind host and port; empty if there is none. */
  readonly uri: Bytes;
  /** As `proxy_pass` has it, for proxy_redirect. */
  readonly url: string;
  /** By TLS. Its certificate is not looked at (proxy_ssl_verify off). */
  readonly secure: boolean;
}

function targetOf(exchange: Exchange, node: ConfNode): Target | { status: number } {
  const template = exchange.scope.template(node.args[0]!);
  const url = evaluate(exchange, template);
  const match = /^(https?):\/\/([^/?#]*)(.*)$/is.exec(url);
  if (!match) {
    exchange.error(`invalid URL prefix in "${url}"`);
    return { status: 500 };
  }
  const [, scheme, place, uri] = match as unknown as [string, string, string, string];
  const secure = scheme.toLowerCase() === "https";
  const standard = secure ? 443 : 80;
  const ends = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(place);
  const [host, port] = [
    (ends?.[1] ?? place).replace(/^\[|\]$/g, ""),
    ends?.[2] === undefined ? standard : Number(ends[2]),
  ];
  exchange.proxyHost = { host: port === standard ? (ends?.[1] ?? place) : place, port };
  const named =
    exchange.config.upstreams.get(ends?.[2] === undefined ? host : place) ?? exchange.config.upstreams.get(host);
  if (named) return { upstream: named, uri, url, secure };
  const upstream = (peers: Upstream["peers"]): Target => ({
    upstream: { name: place, peers, method: "round robin" },
    uri,
    url,
    secure,
  });
  if (parseAddress(host) !== undefined) return upstream([peer(host, port)]);
  if (!hasVariables(template)) return upstream(resolvePeers(place, standard, exchange.config.world, node.at));
  const resolver = exchange.scope.find("resolver")[0]?.args.find((word) => !word.includes("="));
  if (resolver === undefined) {
    exchange.error(`no resolver defined to resolve ${host}`);
    return { status: 502 };
  }
  const found = resolve(exchange, resolver, host);
  if (typeof found === "string") {
    exchange.error(`${host} could not be resolved (${found})`);
    return { status: 502 };
  }
  return upstream(found.map((address) => peer(address, port)));
}

/** nginx' own resolver: it knows no /etc/hosts and no search list. */
function resolve(exchange: Exchange, resolver: string, host: string): readonly string[] | string {
  const { self } = exchange.connection;
  const ns = namespaceOf(self);
  const server = resolver.replace(/:\d+$/, "");
  const address = parseAddress(server) === undefined ? lookup(self.host, ns, server) : { addresses: [server] };
  if ("failed" in address) return "110: Operation timed out";
  const found = askServer(ns, address.addresses[0]!, host);
  exchange.delay += found.latency;
  if ("addresses" in found) return found.addresses;
  exchange.delay += found.failed === "again" ? exchange.scope.time("resolver_timeout", 30 * SECOND) : 0;
  return found.failed === "unknown" ? "3: Host not found" : "110: Operation timed out";
}

function method(exchange: Exchange): string {
  const given = exchange.scope.word("proxy_method");
  return given === undefined ? exchange.method : evaluate(exchange, exchange.scope.template(given));
}

/** ngx_http_proxy_create_request */
function requestTarget(exchange: Exchange, node: ConfNode, uri: Bytes): Bytes {
  const withVariables = hasVariables(exchange.scope.template(node.args[0]!));
  if (withVariables && uri !== "") return uri.startsWith("/") ? uri : `/${uri}`;
  if (uri === "" && !exchange.rewritten) return exchange.raw.target;
  const args = exchange.args === "" ? "" : `?${exchange.args}`;
  const match = exchange.scope.where("proxy_pass")?.match;
  const cut = uri !== "" && match && exchange.uri.startsWith(match.name) ? match.name.length : 0;
  return uri + escapeUri(exchange.uri.slice(cut)) + args;
}

/** Fields that are the connection's own; they are passed on only if the configuration sets them. */
const DEFAULTS: readonly (readonly [string, string])[] = [
  ["Host", "$proxy_host"],
  ["Connection", "close"],
  ["Content-Length", "$proxy_internal_body_length"],
  ["Transfer-Encoding", ""],
  ["TE", ""],
  ["Keep-Alive", ""],
  ["Expect", ""],
  ["Upgrade", ""],
];

function requestHeaders(exchange: Exchange): Headers {
  const { scope, raw } = exchange;
  const own = scope.find("proxy_set_header").map(({ args }): [string, string] => [args[0]!, args[1]!]);
  const set = new Set(own.map(([name]) => name.toLowerCase()));
  const fields: [string, string][] = [];
  for (const [name, value] of [...own, ...DEFAULTS.filter(([name]) => !set.has(name.toLowerCase()))]) {
    const text =
      value === "$proxy_internal_body_length" ? bodyLength(exchange) : evaluate(exchange, scope.template(value));
    if (text !== "") fields.push([name, text]);
    set.add(name.toLowerCase());
  }
  if (!scope.flag("proxy_pass_request_headers", true)) return fields;
  for (const [name, value] of raw.headers) if (!set.has(name.toLowerCase())) fields.push([name, value]);
  return fields;
}

function bodyLength(exchange: Exchange): string {
  const body = requestBody(exchange);
  const hasBody = exchange.raw.body !== "" || exchange.header("content-length") !== undefined;
  return hasBody || body !== "" ? String(body.length) : "";
}

function requestBody(exchange: Exchange): Bytes {
  const { scope } = exchange;
  const given = scope.word("proxy_set_body");
  if (given !== undefined) return evaluate(exchange, scope.template(given));
  return scope.flag("proxy_pass_request_body", true) ? exchange.raw.body : "";
}

/** Logs why a server did not answer; returns what the client gets if no other does. */
function failed(
  exchange: Exchange,
  { peer }: Chosen,
  fetched: Exclude<Fetched, { response: unknown }>,
  { secure }: Target,
  target: string,
): number {
  const upstream = `${secure ? "https" : "http"}://${peer.text}${target}`;
  const doing = fetched.handshake
    ? "SSL handshaking to upstream"
    : fetched.connected
      ? "reading response header from upstream"
      : "connecting to upstream";
  const setting = fetched.connected ? "proxy_read_timeout" : "proxy_connect_timeout";
  const wait: Duration = fetched.failed === "silent" ? exchange.scope.time(setting, 60 * SECOND) : fetched.latency;
  exchange.delay += wait;
  const status = fetched.failed === "silent" ? 504 : 502;
  note(exchange, peer.text, status, wait, 0);
  exchange.error(`${reason(fetched)} while ${doing}`, "error", upstream);
  return status;
}

function reason({ failed, connected, handshake }: Exclude<Fetched, { response: unknown }>): string {
  if (handshake !== undefined) return handshake;
  if (failed === "silent") return "upstream timed out (110: Connection timed out)";
  if (failed === "empty") return "upstream prematurely closed connection";
  const errno: Errno = failed;
  const text = `${errnoNumber(errno)}: ${strerror(errno)}`;
  return connected ? `recv() failed (${text})` : `connect() failed (${text})`;
}

/** Not passed on: they are nginx' own, or between it and the server (ngx_http_proxy_hide_headers). */
const HIDDEN = new Set([
  "date", "server", "x-pad", "x-accel-expires", "x-accel-redirect", "x-accel-limit-rate", "x-accel-buffering",
  "x-accel-charset", "connection", "keep-alive", "transfer-encoding", "content-length", "content-type",
  "location", "refresh",
]); // prettier-ignore

function take(
  exchange: Exchange,
  target: Target,
  { peer }: Chosen,
  { response, latency }: Extract<Fetched, { response: unknown }>,
): Decision {
  const { scope } = exchange;
  note(exchange, peer.text, response.status, latency, response.body.length, response.headers);
  const intercepted = response.status >= 300 && scope.flag("proxy_intercept_errors", false);
  if (intercepted && scope.find("error_page").some(({ args }) => args.includes(String(response.status))))
    return { status: response.status };
  const value = (name: string): string | undefined =>
    response.headers.find(([field]) => field.toLowerCase() === name)?.[1];
  const shown = new Set(scope.find("proxy_pass_header").map(({ args }) => args[0]!.toLowerCase()));
  const hidden = new Set(scope.find("proxy_hide_header").map(({ args }) => args[0]!.toLowerCase()));
  const length = value("content-length");
  renewReply(exchange, {
    status: response.status,
    reason: response.reason,
    contentType: value("content-type"),
    body: response.body,
    length: length === undefined ? undefined : Number(length),
    location: rewriteLocation(exchange, target, value("location")),
  });
  for (const [name, text] of response.headers) {
    const key = name.toLowerCase();
    if ((HIDDEN.has(key) && !shown.has(key)) || (hidden.has(key) && !shown.has(key))) continue;
    exchange.reply.fields.push([name, text]);
  }
  return "sent";
}

/** proxy_redirect: the server's own address in a Location becomes ours. */
function rewriteLocation(exchange: Exchange, target: Target, location: string | undefined): string | undefined {
  if (location === undefined) return undefined;
  for (const { args } of exchange.scope.find("proxy_redirect").length > 0
    ? exchange.scope.find("proxy_redirect")
    : [DEFAULT_REDIRECT]) {
    const [from, to] = args as [string, string | undefined];
    if (from === "off") return location;
    const match = exchange.scope.where("proxy_pass")?.match;
    const [prefix, replacement] =
      from === "default"
        ? target.uri === ""
          ? [`${target.url}/`, "/"]
          : [target.url, match?.name ?? "/"]
        : [evaluate(exchange, exchange.scope.template(from)), evaluate(exchange, exchange.scope.template(to ?? ""))];
    if (location.startsWith(prefix)) return replacement + location.slice(prefix.length);
  }
  return location;
}

const DEFAULT_REDIRECT: Pick<ConfNode, "args"> = { args: ["default"] };
