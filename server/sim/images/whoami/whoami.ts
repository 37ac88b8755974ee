import type { Daemon } from "../../host/index.ts";
import { encode } from "../../kernel/index.ts";
import { parseGoDuration } from "../go/duration.ts";
import { parseGoFlags, type GoFlag } from "../go/flag.ts";
import { goError, remoteAddress, type GoAnswer, type GoUrl } from "../go/http.ts";
import { goFatal, goLog } from "../go/log.ts";
import { goListen, goService, goSignal, type GoExchange } from "../go/server.ts";
import { namespaceOf, addressesOf, header, listLinks } from "../../net/index.ts";
import { calendar, MONTHS, pad } from "../../kernel/index.ts";
import type { DaemonProcess } from "../../host/index.ts";

/** traefik/whoami: tells who answers and what was asked (app.go). */

const flags = (env: Readonly<Record<string, string>>): GoFlag[] => [
  { name: "cacert", type: "string", value: "", usage: "give me a CA chain, enforces mutual TLS" },
  { name: "cert", type: "string", value: "", usage: "give me a certificate" },
  { name: "key", type: "string", value: "", usage: "give me a key" },
  { name: "name", type: "string", value: env.WHOAMI_NAME ?? "", usage: "give me a name" },
  { name: "port", type: "string", value: env.WHOAMI_PORT_NUMBER || "80", usage: "give me a port number" },
  { name: "verbose", type: "bool", value: "false", usage: "Enable verbose logging" },
];

interface Settings {
  readonly name: string;
  readonly verbose: boolean;
  /** What /health answers; a POST there changes it. */
  readonly health: number;
}

export const whoami: Daemon = {
  name: "traefik-whoami",
  summary: "tells who answers and what was asked",
  start(self) {
    const read = parseGoFlags(self.argv[0]!, flags(self.env), self.argv.slice(1));
    if ("lines" in read) {
      for (const line of read.lines) self.log(line);
      return self.exit(read.code);
    }
    const { name, port, verbose, cert, key } = read.values as Record<
      "name" | "port" | "verbose" | "cert" | "key",
      string
    >;
    if (cert !== "" && key !== "") {
      self.log("drydock: whoami: '-cert' is not simulated");
      return self.exit(64);
    }
    self.data = { name, verbose: verbose === "true", health: 200 } satisfies Settings;
    goLog(self, `Starting up on port ${port}`);
    const opened = goListen(self, whoamiService, `:${port}`);
    if (typeof opened === "string") goFatal(self, opened);
  },
  signal: goSignal,
};

export const whoamiService = goService("whoami", (exchange) => {
  const { self, request, url, context } = exchange;
  const answer = route(exchange);
  if ((self.data as Settings).verbose) {
    const { year, month, day, hour, minute, second } = calendar(self.kernel.now);
    const clock = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
    const time = `${pad(day, 2)}/${MONTHS[month - 1]!.slice(0, 3)}/${year}:${clock} +0000`;
    goLog(self, `${remoteAddress(context)} - - [${time}] "${request.method} ${url.path} ${request.version}" - -`);
  }
  return answer;
});

function route(exchange: GoExchange): GoAnswer {
  switch (exchange.url.path) {
    case "/data":
      return { body: data(exchange.url) };
    case "/echo":
      return { status: 400, headers: TEXT, body: "Bad Request\n" };
    case "/bench":
      return { headers: [...TEXT_PLAIN, ["Connection", "keep-alive"]], body: "1" };
    case "/api":
      return api(exchange);
    case "/health":
      return health(exchange);
    default:
      return who(exchange);
  }
}

/** What a websocket upgrade answers to a request that is none (gorilla/websocket). */
const TEXT = [
  ["Content-Type", "text/plain; charset=utf-8"],
  ["Sec-Websocket-Version", "13"],
  ["X-Content-Type-Options", "nosniff"],
] as const;
const TEXT_PLAIN = [["Content-Type", "text/plain"]] as const;

function who({ self, request, url, context }: GoExchange): GoAnswer {
  const { name } = self.data as Settings;
  const lines = [
    ...(name === "" ? [] : [`Name: ${name}`]),
    `Hostname: ${self.host.hostname}`,
    ...addresses(self).map((address) => `IP: ${address}`),
    `RemoteAddr: ${remoteAddress(context)}`,
  ];
  const wait = parseGoDuration(url.values.get("wait") ?? "");
  const env = isTrue(url.values.get("env")) ? environment(self).map((line) => `${line}\n`) : [];
  const body = `${lines.join("\n")}\n${wireRequest(request)}${env.join("")}`;
  return { body: encode(body), ...(wait === undefined ? {} : { delay: wait }) };
}

/** http.Request.Write: Host and User-Agent first, then the other fields by name. */
function wireRequest(request: GoExchange["request"]): string {
  const first = new Set(["host", "user-agent", "content-length", "transfer-encoding", "connection"]);
  const others = fields(request).filter(([name]) => !first.has(name.toLowerCase()));
  const agent = header(request, "User-Agent");
  const length = header(request, "Content-Length");
  const head = [
    `${request.method} ${request.target} HTTP/1.1`,
    `Host: ${header(request, "Host") ?? ""}`,
    ...(agent === undefined ? [] : [`User-Agent: ${agent}`]),
    ...(header(request, "Connection")?.toLowerCase() === "close" ? ["Connection: close"] : []),
    ...(length === undefined ? [] : [`Content-Length: ${length}`]),
    ...others.map(([name, value]) => `${name}: ${value}`),
  ];
  return `${head.join("\r\n")}\r\n\r\n${request.body}`;
}

function api({ self, request, url, context }: GoExchange): GoAnswer {
  const { name } = self.data as Settings;
  const given = new Map<string, string[]>();
  for (const [field, value] of fields(request))
    if (field !== "Host") given.set(field, [...(given.get(field) ?? []), value]);
  const environ = isTrue(url.values.get("env"))
    ? { environ: Object.fromEntries(Object.entries(self.env).sort(([a], [b]) => (a < b ? -1 : 1))) }
    : {};
  const body = {
    hostname: self.host.hostname,
    ip: addresses(self),
    headers: Object.fromEntries(given),
    url: request.target,
    host: header(request, "Host"),
    method: request.method,
    ...(name === "" ? {} : { name }),
    remoteAddr: remoteAddress(context),
    ...environ,
  };
  return {
    headers: [
      ["Access-Control-Allow-Methods", "*"],
      ["Access-Control-Allow-Origin", "*"],
      ["Content-Type", "application/json"],
    ],
    body: encode(`${JSON.stringify(body)}\n`),
  };
}

function health({ self, request }: GoExchange): GoAnswer {
  if (request.method !== "POST") return { status: (self.data as Settings).health };
  if (!/^\s*-?\d+/.test(request.body)) return goError(400, "EOF");
  const status = Number.parseInt(request.body, 10);
  self.log(`Update health check status code [${status}]`, 1);
  self.data = { ...(self.data as Settings), health: status } satisfies Settings;
  return {};
}

const UNITS: Readonly<Record<string, number>> = { kb: 1024, mb: 1_048_576, gb: 2 ** 30, tb: 2 ** 40 };

/** `|ABC…Z-ABC…|`: as many bytes as asked for, at most what a session may hold. */
function data(url: GoUrl): string {
  const unit = UNITS[(url.values.get("unit") ?? "").toLowerCase()] ?? 1;
  const asked = Number.parseInt(url.values.get("size") ?? "1", 10);
  const size = Math.min(Math.max(0, Number.isNaN(asked) ? 1 : asked) * unit, 1_048_576);
  const letters = "-ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  if (size < 2) return "|".repeat(size);
  return `|${letters.repeat(Math.ceil(size / letters.length)).slice(1, size - 1)}|`;
}

/** net.Interfaces and their addresses, in the order of the links. */
function addresses(self: DaemonProcess): string[] {
  const ns = namespaceOf(self);
  return listLinks(ns).flatMap((link) => addressesOf(ns, link.index).map((row) => row.local));
}

function environment(self: DaemonProcess): string[] {
  return Object.entries(self.env).map(([name, value]) => `${name}=${value}`);
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(?:1|[tT]|true|TRUE|True)$/.test(value);
}

/** Header fields by name, spelled as Go spells them. */
function fields(request: GoExchange["request"]): [string, string][] {
  return request.headers
    .map(([name, value]): [string, string] => [canonical(name), value])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function canonical(name: string): string {
  return name.toLowerCase().replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
