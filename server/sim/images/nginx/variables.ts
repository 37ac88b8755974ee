import { calendar, MONTHS, pad, SECOND, type Bytes, type Time } from "../../kernel/index.ts";
import type { Exchange } from "./exchange.ts";
import { geoValue } from "./geo.ts";
import { mapValue } from "./map.ts";
import { shareOf } from "./split-clients.ts";
import type { Template } from "./template.ts";

/** The text of a template for a request. */
export function evaluate(exchange: Exchange, template: Template, captures = exchange.captures): Bytes {
  let out = "";
  for (const part of template.parts) {
    if (typeof part === "string") out += part;
    else if ("capture" in part) out += captures[part.capture] ?? "";
    else out += variable(exchange, part.variable) ?? "";
  }
  return out;
}

/** The value of a variable; undefined if it has none, which the access log shows as `-`. */
export function variable(exchange: Exchange, name: string): Bytes | undefined {
  const known = exchange.variables.get(name);
  if (known !== undefined) return known;
  const map = exchange.config.maps.get(name);
  if (map) {
    const { value, captures } = mapValue(map, evaluate(exchange, map.source));
    return evaluate(exchange, value, captures ?? exchange.captures);
  }
  const split = exchange.config.splits.get(name);
  if (split) return evaluate(exchange, shareOf(split, evaluate(exchange, split.source)));
  const geo = exchange.config.geos.get(name);
  if (geo) return geoValue(geo, evaluate(exchange, geo.source));
  const builtin = BUILTIN[name];
  if (builtin) return builtin(exchange);
  if (exchange.config.setVariables.has(name)) {
    if (exchange.scope.flag("uninitialized_variable_warn", true))
      exchange.error(`using uninitialized "${name}" variable`, "warn");
    return "";
  }
  const prefix = /^(arg|cookie|http|sent_http|upstream_http)_(.+)$/.exec(name);
  return prefix ? PREFIXED[prefix[1]!]!(exchange, prefix[2]!) : undefined;
}

const PREFIXED: Readonly<Record<string, (exchange: Exchange, name: string) => Bytes | undefined>> = {
  arg: ({ args }, name) => argument(args, name),
  cookie: (exchange, name) => new RegExp(`(?:^|;\\s*)${name}=([^;]*)`, "i").exec(exchange.header("cookie") ?? "")?.[1],
  http(exchange, name) {
    const wanted = name.replaceAll("_", "-");
    const values = exchange.raw.headers.filter(([field]) => field.toLowerCase() === wanted).map(([, value]) => value);
    return values.length > 0 ? values.join(wanted === "cookie" ? "; " : ", ") : undefined;
  },
  sent_http({ reply }, name) {
    const wanted = name.replaceAll("_", "-");
    if (wanted === "content-type") return reply.contentType;
    if (wanted === "location") return reply.location;
    return reply.fields.find(([field]) => field.toLowerCase() === wanted)?.[1];
  },
  upstream_http({ upstream }, name) {
    const wanted = name.replaceAll("_", "-");
    return upstream?.headers.find(([field]) => field.toLowerCase() === wanted)?.[1];
  },
};

function argument(args: Bytes, name: string): Bytes | undefined {
  for (const part of args.split("&")) {
    const equals = part.indexOf("=");
    if (equals >= 0 && part.slice(0, equals).toLowerCase() === name.toLowerCase()) return part.slice(equals + 1);
  }
  return undefined;
}

const BUILTIN: Readonly<Record<string, (exchange: Exchange) => Bytes | undefined>> = {
  args: ({ args }) => args,
  query_string: ({ args }) => args,
  is_args: ({ args }) => (args === "" ? "" : "?"),
  binary_remote_addr: ({ connection }) => binaryAddress(connection.context.remote.address),
  body_bytes_sent: ({ sent }) => String(sent),
  bytes_sent: ({ sent }) => String(sent),
  connection: ({ connection }) => String(connection.number),
  connection_requests: ({ connection }) => String(connection.requests),
  content_length: (exchange) => exchange.header("content-length"),
  content_type: (exchange) => exchange.header("content-type"),
  document_root: (exchange) => rootOf(exchange),
  realpath_root: (exchange) => rootOf(exchange),
  document_uri: ({ uri }) => uri,
  uri: ({ uri }) => uri,
  host: ({ host, server }) => (host === "" ? server.name : host),
  hostname: ({ connection }) => connection.self.host.hostname,
  https: ({ connection }) => (connection.context.tls ? "on" : ""),
  scheme: ({ connection }) => (connection.context.tls ? "https" : "http"),
  limit_rate: () => "0",
  msec: ({ connection }) => (connection.context.now / SECOND).toFixed(3),
  nginx_version: ({ config }) => config.version,
  pid: ({ connection }) => String(connection.worker.pid),
  pipe: () => ".",
  proxy_add_x_forwarded_for(exchange) {
    const given = PREFIXED.http!(exchange, "x_forwarded_for");
    const { address } = exchange.connection.context.remote;
    return given === undefined ? address : `${given}, ${address}`;
  },
  proxy_host: ({ proxyHost }) => proxyHost?.host,
  proxy_port: ({ proxyHost }) => (proxyHost ? String(proxyHost.port) : undefined),
  remote_addr: ({ connection }) => connection.context.remote.address,
  remote_port: ({ connection }) => String(connection.context.remote.port),
  remote_user: ({ remoteUser }) => remoteUser,
  request: ({ raw }) => raw.line,
  request_body: ({ raw }) => raw.body || undefined,
  request_completion: () => "OK",
  request_filename: (exchange) => requestFile(exchange),
  request_id(exchange) {
    const id = exchange.connection.self.kernel.random.hex("nginx/request-id", 32);
    exchange.variables.set("request_id", id);
    return id;
  },
  request_length: ({ raw }) => String(raw.length),
  request_method: ({ raw }) => raw.method,
  request_time: ({ delay }) => (delay / SECOND).toFixed(3),
  request_uri: ({ raw }) => raw.target,
  server_addr: ({ connection }) => connection.context.local.address,
  server_name: ({ server }) => server.name,
  server_port: ({ connection }) => String(connection.context.local.port),
  server_protocol: ({ raw, connection }) =>
    connection.context.tls?.alpn === "h2" ? "HTTP/2.0" : { 9: "HTTP/0.9", 10: "HTTP/1.0", 11: "HTTP/1.1" }[raw.version],
  ssl_protocol: ({ connection }) => connection.context.tls?.version,
  ssl_server_name: ({ connection }) => connection.context.tls?.serverName,
  status: ({ reply }) => String(reply.status),
  time_iso8601: ({ connection }) => isoTime(connection.context.now),
  time_local: ({ connection }) => localTime(connection.context.now),
  upstream_addr: ({ upstream }) => upstream?.addr,
  upstream_status: ({ upstream }) => upstream?.status,
  upstream_response_time: ({ upstream }) => upstream && tries(upstream.times, seconds),
  upstream_connect_time: ({ upstream }) => upstream && tries(upstream.times, () => "0.000"),
  upstream_header_time: ({ upstream }) => upstream && tries(upstream.times, seconds),
  upstream_response_length: ({ upstream }) => upstream && tries(upstream.lengths, String),
};

/** One part for each server that was tried: `0, 5`. */
function tries<T>(values: readonly T[], text: (value: T) => string): string {
  return values.map((value) => text(value)).join(", ");
}

function seconds(time: Time): string {
  return (time / SECOND).toFixed(3);
}

/** `21/Nov/2025:10:00:00 +0000` */
export function localTime(time: Time): string {
  const { year, month, day, hour, minute, second } = calendar(time);
  const clock = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  return `${pad(day, 2)}/${MONTHS[month - 1]!.slice(0, 3)}/${year}:${clock} +0000`;
}

function isoTime(time: Time): string {
  const { year, month, day, hour, minute, second } = calendar(time);
  return `${year}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}+00:00`;
}

function binaryAddress(address: string): Bytes {
  return String.fromCharCode(...address.split(".").map(Number));
}

/** The directory that a request's files are in: `root` or `alias`, `html` below the prefix if there is neither. */
export function rootOf(exchange: Exchange): Bytes {
  const setting = exchange.scope.find("root", "alias")[0];
  const path = setting ? evaluate(exchange, exchange.scope.template(setting.args[0]!)) : "html";
  return path.startsWith("/") ? path : `${exchange.config.prefix}/${path}`;
}

/** The file that a URI stands for (ngx_http_map_uri_to_path). */
export function requestFile(exchange: Exchange, uri = exchange.uri): Bytes {
  const scope = exchange.scope.where("root", "alias");
  const root = rootOf(exchange);
  if (!scope || scope.own("alias").length === 0) return root.replace(/\/$/, "") + uri;
  // In a location given by an expression, the alias is the whole path.
  return scope.match?.kind === "regex" ? root : root + uri.slice(scope.match?.name.length ?? 0);
}
