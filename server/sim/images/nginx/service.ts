import type { DaemonProcess, Hosts } from "../../host/index.ts";
import type { Bytes, Duration } from "../../kernel/index.ts";
import { daemonOf, type Service } from "../daemon-network.ts";
import { namespaceOf, type Context, type StreamAnswer } from "../../net/index.ts";
import { count, countersOf } from "./counters.ts";
import { serve } from "./engine.ts";
import { Exchange, type Connection } from "./exchange.ts";
import { luaFor } from "./lua.ts";
import { tellDecision } from "./decision.ts";
import { accessLog, errorLog } from "./log.ts";
import { parseHost, readRequest, type RawRequest } from "./read-request.ts";
import { respond } from "./respond.ts";
import { capture } from "./rewrite.ts";
import { running, type Running } from "./running.ts";
import { chooseServer, standardServer } from "./choose-server.ts";
import { special } from "./special.ts";

/** What is kept between two pieces of a connection. */
interface Memory {
  readonly buffer: Bytes;
  readonly number: number;
  readonly requests: number;
}

/** nginx behind its listening sockets. */
export const nginxService: Service = {
  name: "nginx",
  application: (hosts: Hosts) => ({
    stream: {
      open(context) {
        const self = daemonOf(hosts, context);
        if (!self) return { close: "reset" };
        const { numbers, connections } = countersOf(self);
        count(self, { numbers: numbers + 1, connections: connections + 1 });
        return { memory: { buffer: "", number: numbers + 1, requests: 0 } satisfies Memory };
      },
      receive(bytes, context, memory) {
        const self = daemonOf(hosts, context);
        const state = self && running(self);
        if (!self || !state) return { close: "reset" };
        return answer(self, state, bytes, context, memory as Memory);
      },
    },
    tls(hello, context) {
      const self = daemonOf(hosts, context);
      const state = self && running(self);
      if (!state) return { alert: "internal_error" };
      const server = chooseServer(state.config, context.local, hello.serverName?.toLowerCase() ?? "");
      const { scope } = server.place;
      if (scope.flag("ssl_reject_handshake", false)) return { alert: "unrecognized_name" };
      const chain = luaFor({ scope }, "ssl_certificate_by_lua_file")?.certificate?.(
        self,
        hello.serverName?.toLowerCase(),
      );
      const certificates = chain ?? server.certificates;
      if (certificates.length === 0) return { alert: "internal_error" };
      return { chain: certificates, ...(scope.flag("http2", false) ? { alpn: "h2" } : {}) };
    },
  }),
};

function answer(self: DaemonProcess, state: Running, bytes: Bytes, context: Context, memory: Memory): StreamAnswer {
  let { requests } = memory;
  let buffer = memory.buffer + bytes;
  let out = "";
  let delay: Duration = 0;
  const worker = state.workers[(memory.number - 1) % state.workers.length]!;
  const expectsTls = state.config.servers.some((server) =>
    server.listens.some((listen) => listen.port === context.local.port && listen.ssl),
  );
  for (;;) {
    if (buffer === "" && requests > 0) return { bytes: out, delay, memory: { ...memory, buffer, requests } };
    const read = readRequest(buffer);
    if (read.state === "incomplete") {
      const interim = read.expects ? "HTTP/1.1 100 Continue\r\n\r\n" : "";
      return { bytes: out + interim, delay, memory: { ...memory, buffer, requests } };
    }
    requests++;
    count(self, { requests: countersOf(self).requests + 1 });
    const connection: Connection = {
      self,
      config: state.config,
      context,
      number: memory.number,
      requests,
      worker,
      nextNumber() {
        const { numbers } = countersOf(self);
        count(self, { numbers: numbers + 1 });
        return numbers + 1;
      },
      errorLog: () => {},
    };
    const found = read.state === "request" ? read.request : (read.request ?? unreadable(read.line));
    const request =
      context.tls?.alpn === "h2" ? { ...found, line: found.line.replace(/ HTTP\/1\.1$/, " HTTP/2.0") } : found;
    const host = hostOf(request);
    const server =
      read.state === "request"
        ? chooseServer(state.config, context.local, host)
        : standardServer(state.config, context.local);
    const exchange = new Exchange(connection, request, server, host);
    connection.errorLog = (level, line) => errorLog(self, exchange.scope, level, worker.pid, line);
    if (read.state === "request") captureName(exchange);
    const open = process(
      exchange,
      read.state === "refused" ? read.status : expectsTls && !context.tls ? 497 : undefined,
    );
    delay += exchange.delay;
    if (!open) return { bytes: out, delay, close: "fin" };
    out += respond(exchange);
    exchange.keepAlive &&= request.version !== 9;
    accessLog(exchange);
    if (namespaceOf(self).network.onDecision) tellDecision(exchange);
    luaFor(exchange, "log_by_lua_file")?.log?.(exchange);
    if (!exchange.keepAlive || exchange.closes) return { bytes: out, delay, close: "fin" };
    buffer = read.state === "request" ? read.rest : "";
  }
}

/** What an expression in server_name has caught. */
function captureName(exchange: Exchange): void {
  for (const { pattern } of exchange.server.names) if (pattern && capture(exchange, pattern, exchange.host)) return;
}

/** False if the connection is to be closed without a word. */
function process(exchange: Exchange, refused: number | undefined): boolean {
  if (refused === undefined) {
    if (exchange.raw.method === "TRACE") {
      exchange.keepAlive = false;
      special(exchange, 405);
      return true;
    }
    const open = serve(exchange);
    if (!open) {
      exchange.reply.status = 444;
      accessLog(exchange);
    }
    return open;
  }
  exchange.keepAlive = false;
  special(exchange, refused);
  return true;
}

function hostOf(request: RawRequest): string {
  const given = request.targetHost ?? request.headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
  return parseHost(given) ?? "";
}

/** A request of which nothing but its line was understood. */
function unreadable(line: Bytes): RawRequest {
  return {
    line,
    method: "",
    target: "",
    uri: "",
    args: "",
    targetHost: undefined,
    version: 10,
    headers: [],
    body: "",
    length: line.length,
  };
}
