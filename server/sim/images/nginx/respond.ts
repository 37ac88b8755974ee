import { gzipSync } from "node:zlib";
import { fromCalendar, fromUint8Array, MONTHS, SECOND, toUint8Array, type Bytes } from "../../kernel/index.ts";
import { httpDate } from "../go/http.ts";
import { emptyReply, type Exchange } from "./exchange.ts";
import { luaFor } from "./lua.ts";
import { moreHeaders } from "./more-headers.ts";
import { builtinPage, STATUS_LINES, wireStatus } from "./pages.ts";
import { parseTime } from "./values.ts";
import { evaluate } from "./variables.ts";

/** Statuses for which add_header and expires count without `always`. */
const GOOD = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

/** The response's bytes: nginx' header filters in their order, then headers and body. */
export function respond(exchange: Exchange): Bytes {
  if (exchange.raw.version === 9) {
    exchange.sent = exchange.reply.body.length;
    return exchange.reply.body;
  }
  notModified(exchange);
  expires(exchange);
  addHeaders(exchange);
  luaFor(exchange, "header_filter_by_lua_file")?.header?.(exchange);
  moreHeaders(exchange);
  charset(exchange);
  const zipped = gzip(exchange);
  if (!zipped) range(exchange);
  return write(exchange);
}

/** ngx_http_not_modified_filter_module.c, with if_modified_since exact. */
function notModified(exchange: Exchange): void {
  const { reply } = exchange;
  if (reply.status !== 200 || reply.lastModified === undefined) return;
  const [since, unmodified, match, noneMatch] = [
    "if-modified-since",
    "if-unmodified-since",
    "if-match",
    "if-none-match",
  ].map((name) => exchange.header(name));
  const time = unmodified === undefined ? undefined : parseHttpDate(unmodified);
  if (time !== undefined && time < reply.lastModified) return failPrecondition(exchange);
  if (match !== undefined && !tagsMatch(match, reply.etag, false)) return failPrecondition(exchange);
  if (since === undefined && noneMatch === undefined) return;
  if (since !== undefined && parseHttpDate(since) !== reply.lastModified) return;
  if (noneMatch !== undefined && !tagsMatch(noneMatch, reply.etag, true)) return;
  reply.status = 304;
  reply.body = "";
  reply.length = undefined;
  reply.contentType = undefined;
  reply.ranges = false;
}

function failPrecondition(exchange: Exchange): void {
  const tokens = exchange.scope.word("server_tokens") === "off" ? "nginx" : `nginx/${exchange.config.version}`;
  const body = builtinPage(412, tokens)!;
  exchange.closes = true;
  exchange.reply = { ...emptyReply(), status: 412, contentType: "text/html", body, length: body.length };
}

function tagsMatch(given: string, etag: string | undefined, weak: boolean): boolean {
  if (given.trim() === "*") return true;
  const plain = (tag: string): string => (weak ? tag.trim().replace(/^W\//, "") : tag.trim());
  return etag !== undefined && given.split(",").some((tag) => plain(tag) === plain(etag));
}

/** ngx_http_headers_filter_module.c: Expires and Cache-Control. */
function expires(exchange: Exchange): void {
  const { scope, reply, connection } = exchange;
  const word = scope.word("expires");
  if (word === undefined || !GOOD.has(reply.status)) return;
  const value = evaluate(exchange, scope.template(word));
  const set = (date: string, control: string): void => {
    reply.fields = reply.fields.filter(([name]) => name !== "Expires" && name !== "Cache-Control");
    reply.fields.push(["Expires", date], ["Cache-Control", control]);
  };
  if (value === "off") return;
  if (value === "epoch") return set("Thu, 01 Jan 1970 00:00:01 GMT", "no-cache");
  if (value === "max") return set("Thu, 31 Dec 2037 23:55:55 GMT", "max-age=315360000");
  const span = parseTime(value.replace(/^[-+]/, ""));
  if (span === undefined) return;
  const signed = value.startsWith("-") ? -span : span;
  set(httpDate(connection.context.now + signed), signed < 0 ? "no-cache" : `max-age=${signed / SECOND}`);
}

function addHeaders(exchange: Exchange): void {
  const { scope, reply } = exchange;
  for (const { args } of scope.find("add_header")) {
    const [name, text, always] = args as [string, string, string?];
    if (always === undefined && !GOOD.has(reply.status)) continue;
    const value = evaluate(exchange, scope.template(text));
    if (value === "") continue;
    if (name.toLowerCase() === "last-modified") {
      reply.lastModified = undefined;
      reply.modifiedText = value;
    } else reply.fields.push([name, value]);
  }
}

/** Types that `charset` adds to, where charset_types is not set. */
const CHARSET_TYPES = new Set([
  "text/html", "text/xml", "text/plain", "text/vnd.wap.wml", "application/javascript", "application/rss+xml",
]); // prettier-ignore

function charset({ scope, reply }: Exchange): void {
  const name = scope.word("charset");
  if (name === undefined || name === "off" || reply.contentType === undefined) return;
  if (CHARSET_TYPES.has(reply.contentType)) reply.charset = name;
}

/** ngx_http_gzip_filter_module.c */
function gzip(exchange: Exchange): boolean {
  const { scope, reply, raw } = exchange;
  if (!scope.flag("gzip", false) || ![200, 403, 404].includes(reply.status) || reply.body === "") return false;
  const types = scope.find("gzip_types").flatMap(({ args }) => args);
  const type = reply.contentType?.split(";")[0];
  if (type !== "text/html" && !types.includes("*") && !types.includes(type ?? "")) return false;
  if (reply.length !== undefined && reply.length < scope.size("gzip_min_length", 20)) return false;
  if (reply.fields.some(([name]) => name.toLowerCase() === "content-encoding")) return false;
  if (scope.flag("gzip_vary", false)) reply.fields.push(["Vary", "Accept-Encoding"]);
  const accepts = /(?:^|[,\s])gzip(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i.test(exchange.header("accept-encoding") ?? "");
  const least = scope.word("gzip_http_version") === "1.0" ? 10 : 11;
  const proxied = scope.word("gzip_proxied") ?? "off";
  if (!accepts || raw.version < least || (exchange.header("via") !== undefined && proxied === "off")) return false;
  reply.body = fromUint8Array(gzipSync(toUint8Array(reply.body), { level: 1 }));
  reply.length = undefined;
  reply.ranges = false;
  reply.fields = reply.fields.map(([name, value]) => [
    name,
    name === "ETag" ? `W/${value.replace(/^W\//, "")}` : value,
  ]);
  reply.fields.push(["Content-Encoding", "gzip"]);
  return true;
}

/** ngx_http_range_filter_module.c */
function range(exchange: Exchange): void {
  const { reply } = exchange;
  if (!reply.ranges || reply.status !== 200 || exchange.raw.version < 10) return;
  const text = exchange.header("range");
  const condition = exchange.header("if-range");
  const fits =
    condition === undefined ||
    (condition.startsWith('"') ? condition === reply.etag : parseHttpDate(condition) === reply.lastModified);
  const ranges =
    text === undefined || !/^bytes=/i.test(text) || !fits ? undefined : parseRanges(text.slice(6), reply.body.length);
  if (ranges === undefined) {
    reply.fields.push(["Accept-Ranges", "bytes"]);
    return;
  }
  const size = reply.body.length;
  if (ranges.length === 0) {
    const tokens = exchange.scope.word("server_tokens") === "off" ? "nginx" : `nginx/${exchange.config.version}`;
    const body = builtinPage(416, tokens)!;
    const fields: [string, string][] = [["Content-Range", `bytes */${size}`]];
    exchange.reply = { ...emptyReply(), status: 416, contentType: "text/html", body, length: body.length, fields };
    return;
  }
  reply.status = 206;
  if (ranges.length === 1) {
    const [[from, to]] = ranges as [[number, number]];
    reply.body = reply.body.slice(from, to + 1);
    reply.length = reply.body.length;
    reply.fields.push(["Content-Range", `bytes ${from}-${to}/${size}`]);
    return;
  }
  const boundary = String(exchange.connection.self.kernel.random.below("nginx/boundary", 1e9)).padStart(20, "0");
  const type = reply.contentType ?? "application/octet-stream";
  const parts = ranges.map(
    ([from, to]) =>
      `\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: bytes ${from}-${to}/${size}\r\n\r\n${reply.body.slice(from, to + 1)}`,
  );
  reply.body = `${parts.join("")}\r\n--${boundary}--\r\n`;
  reply.length = reply.body.length;
  reply.contentType = `multipart/byteranges; boundary=${boundary}`;
}

/** Ranges that lie in the body; none if no range does. Undefined if it is not a list of ranges. */
function parseRanges(text: string, size: number): [number, number][] | undefined {
  const ranges: [number, number][] = [];
  for (const word of text.split(",")) {
    const match = /^\s*(\d*)\s*-\s*(\d*)\s*$/.exec(word);
    if (!match || (match[1] === "" && match[2] === "")) return [];
    const from = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
    const to = match[1] === "" || match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
    if (from <= to) ranges.push([from, to]);
  }
  // All of it, or more than it: sent as a whole.
  const sum = ranges.reduce((total, [from, to]) => total + to - from + 1, 0);
  return ranges.length > 1 && sum > size ? undefined : ranges;
}

/** ngx_http_header_filter_module.c and the body behind it. */
function write(exchange: Exchange): Bytes {
  const { reply, raw, scope, config } = exchange;
  const status = wireStatus(reply.status);
  const words = reply.reason ?? STATUS_LINES[status] ?? "";
  const noBody = status === 204 || status === 304;
  if (noBody) {
    reply.body = "";
    if (status === 204) {
      reply.length = undefined;
      reply.contentType = undefined;
    }
  }
  const chunked = reply.length === undefined && !noBody && exchange.method !== "HEAD" && raw.version === 11;
  if (reply.length === undefined && !noBody && raw.version < 11) exchange.keepAlive = false;
  const type = reply.contentType;
  const tokens = scope.word("server_tokens");
  const version = tokens === "off" ? "nginx" : `nginx/${config.version}`;
  const modified = [200, 206, 304].includes(status) ? (reply.lastModified ?? undefined) : undefined;
  const lines = [
    `HTTP/1.1 ${status} ${words}`,
    ...line("Server", reply.server ?? version),
    `Date: ${httpDate(exchange.connection.context.now)}`,
    ...line(
      "Content-Type",
      type && reply.charset && !type.includes("charset") ? `${type}; charset=${reply.charset}` : type,
    ),
    ...line("Content-Length", reply.length === undefined || noBody ? undefined : String(reply.length)),
    ...line("Last-Modified", modified === undefined ? reply.modifiedText : httpDate(modified * SECOND)),
    ...line("Location", isLocal(exchange) ? absolute(exchange, reply.location!) : undefined),
    ...line("Transfer-Encoding", chunked ? "chunked" : undefined),
    `Connection: ${exchange.keepAlive ? "keep-alive" : "close"}`,
    ...line("Keep-Alive", exchange.keepAlive ? keepAliveHeader(exchange) : undefined),
    ...line("Location", isLocal(exchange) ? undefined : reply.location),
    ...reply.fields.map(([name, value]) => `${name}: ${value}`),
  ];
  const body = exchange.method === "HEAD" || raw.method === "HEAD" ? "" : reply.body;
  const sent = chunked ? chunks(body) : body;
  exchange.sent = sent.length;
  return `${lines.join("\r\n")}\r\n\r\n${sent}`;
}

function line(name: string, value: string | undefined): string[] {
  return value === undefined || value === "" ? [] : [`${name}: ${value}`];
}

function keepAliveHeader({ scope }: Exchange): string | undefined {
  const header = scope.find("keepalive_timeout")[0]?.args[1];
  return header === undefined ? undefined : `timeout=${parseTime(header)! / SECOND}`;
}

/** A path, which becomes a URL of this server (absolute_redirect). Others are fields like any. */
function isLocal({ reply, scope }: Exchange): boolean {
  return reply.location !== undefined && reply.location.startsWith("/") && scope.flag("absolute_redirect", true);
}

function absolute(exchange: Exchange, location: string): string {
  const { scope, connection, server } = exchange;
  const { local, tls } = connection.context;
  const host =
    scope.flag("server_name_in_redirect", false) || exchange.host === "" ? server.name || local.address : exchange.host;
  const standard = tls ? 443 : 80;
  const port = local.port === standard || !scope.flag("port_in_redirect", true) ? "" : `:${local.port}`;
  return `${tls ? "https" : "http"}://${host}${port}${location}`;
}

function chunks(body: Bytes): Bytes {
  return body === "" ? "0\r\n\r\n" : `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}

/** `Wed, 16 Apr 2025 12:00:00 GMT` in seconds since 1970; undefined if it is no date. */
function parseHttpDate(text: string): number | undefined {
  const match = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/.exec(text.trim());
  if (!match) return undefined;
  const month = MONTHS.findIndex((name) => name.startsWith(match[2]!)) + 1;
  const [day, year, hour, minute, second] = [1, 3, 4, 5, 6].map((at) => Number(match[at])) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return month === 0 ? undefined : fromCalendar(year, month, day, hour, minute, second) / SECOND;
}
