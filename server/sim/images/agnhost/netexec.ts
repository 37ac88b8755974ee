import type { DaemonProcess } from "../../host/index.ts";
import { calendar, encode, pad, SECOND, type Duration } from "../../kernel/index.ts";
import { daemonOf, type Service } from "../daemon-network.ts";
import { fetchOnce, type Fetched } from "../dial.ts";
import { goDuration, parseGoDuration } from "../go/duration.ts";
import { goError, goRedirect, joinHostPort, remoteAddress, type GoAnswer, type GoUrl } from "../go/http.ts";
import { goFatal, goLog } from "../go/log.ts";
import { goListen, goService, type GoExchange } from "../go/server.ts";
import { namespaceOf, exchangeDatagram, header, type Errno } from "../../net/index.ts";
import { strerror } from "../../host/index.ts";
import { lookup } from "../resolver.ts";
import type { AgnhostCommand } from "./command.ts";
import { EXIT } from "./exit-event.ts";

/** test/images/agnhost/netexec/netexec.go: HTTP on 8080 and UDP on 8081 that say who and what they see. */
export const netexec: AgnhostCommand = {
  name: "netexec",
  flags: [
    { name: "http-port", type: "int", value: "8080" },
    { name: "udp-port", type: "int", value: "8081" },
    { name: "sctp-port", type: "int", value: "-1" },
    { name: "tls-cert-file", type: "string", value: "" },
    { name: "tls-private-key-file", type: "string", value: "" },
    { name: "http-override", type: "string", value: "" },
    { name: "udp-listen-addresses", type: "string", value: "" },
  ],
  args: 0,
  start(self, values) {
    for (const [name, none] of [
      ["sctp-port", "-1"],
      ["tls-cert-file", ""],
      ["http-override", ""],
    ] as const) {
      if (values[name] === none) continue;
      self.log(`drydock: agnhost: '--${name}' is not simulated`);
      return self.exit(64);
    }
    const http = values["http-port"]!;
    goLog(self, `Started HTTP server on port ${http}`);
    const opened = goListen(self, netexecService, `:${http}`);
    if (typeof opened === "string") return goFatal(self, opened);
    const port = values["udp-port"]!;
    if (port === "-1") return;
    const addresses = [...new Set(values["udp-listen-addresses"]!.split(","))].sort();
    for (const address of addresses) {
      const udp = goListen(self, netexecUdp, joinHostPort(address, port), { protocol: "udp" });
      if (typeof udp === "string")
        return goFatal(
          self,
          `Error occurred: failed to create listener for UDP address ${joinHostPort(address, port)}:${udp}`,
        );
      goLog(self, `Started UDP server on port ${address} ${port}`);
    }
  },
};

export const netexecService = goService("agnhost netexec", (exchange) => route(exchange));

function route(exchange: GoExchange): GoAnswer | { close: "fin" } {
  const { self, request, url, context } = exchange;
  const value = (name: string): string => url.values.get(name) ?? "";
  const log = (line: string): void => goLog(self, line);
  switch (url.path) {
    case "/clientip":
      log("GET /clientip");
      return { body: remoteAddress(context) };
    case "/dial":
      return dialTargets(exchange);
    case "/echo":
      log(`GET /echo?msg=${value("msg")}&code=${value("code")}`);
      if (value("code") !== "" && !/^[-+]?\d+$/.test(value("code")))
        return { body: `argument 'code' must be an integer or empty, got ${JSON.stringify(value("code"))}\n` };
      return { body: value("msg"), ...(value("code") === "" ? {} : { status: Number(value("code")) }) };
    case "/exit":
      return exit(self, url);
    case "/header":
      log(`GET /header?key=${value("key")}`);
      return { body: header(request, value("key")) ?? "" };
    case "/healthz": {
      log("GET /healthz");
      return { status: udpReady(self) ? 200 : 412 };
    }
    case "/hostname":
    case "/hostName":
      log(`GET ${url.path}`);
      return { body: encode(self.host.hostname) };
    case "/redirect": {
      log(`${request.method} /redirect?msg=${value("location")}&code=${value("code")}`);
      return goRedirect(request, value("location"), value("code") === "" ? 302 : Number(value("code")));
    }
    case "/shutdown":
      log("GET /shutdown");
      leave(self, 0);
      return { close: "fin" };
    case "/shell":
    case "/upload":
      return goError(501, `drydock: agnhost: '${url.path}' is not simulated`);
    default:
      log("GET /");
      return { body: `NOW: ${now(self)}` };
  }
}

/** time.Time.String: with the monotonic clock since the program's start. */
function now(self: DaemonProcess): string {
  const time = self.kernel.now;
  const { year, month, day, hour, minute, second, micros } = calendar(time);
  const date = `${year}-${pad(month, 2)}-${pad(day, 2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  const fraction = micros === 0 ? "" : `.${pad(micros, 6).replace(/0+$/, "")}`;
  return `${date}${fraction} +0000 UTC m=+${((time - self.row.startedAt) / SECOND).toFixed(9)}`;
}

function exit(self: DaemonProcess, url: GoUrl): GoAnswer | { close: "fin" } {
  const [wait, timeout, code] = ["wait", "timeout", "code"].map((name) => url.values.get(name) ?? "") as [
    string,
    string,
    string,
  ];
  goLog(self, `GET /exit?code=${code}&timeout=${timeout}&wait=${wait}`);
  for (const [name, text] of [
    ["timeout", timeout],
    ["wait", wait],
  ] as const)
    if (text !== "" && parseGoDuration(text) === undefined)
      return { body: `argument '${name}' must be a valid golang duration or empty, got ${JSON.stringify(text)}\n` };
  if (code !== "" && !/^[-+]?\d+$/.test(code))
    return { body: `argument 'code' must be an integer [0-127] or empty, got ${JSON.stringify(code)}\n` };
  const [span, grace] = [parseGoDuration(wait) ?? 0, parseGoDuration(timeout) ?? 0];
  const words = `Will begin shutdown in ${goDuration(span)}, allowing ${goDuration(grace)} for connections to close`;
  goLog(self, `${words}, then will exit with ${Number(code)}`);
  leave(self, Number(code) & 0xff, span);
  return grace === 0 ? { close: "fin" } : {};
}

/** The connection that asked for it is closed first. */
function leave(self: DaemonProcess, code: number, after: Duration = 0): void {
  self.kernel.after(after, EXIT, { machine: self.host.machine.name, pid: self.pid, code });
}

function udpReady(self: DaemonProcess): boolean {
  for (const socket of namespaceOf(self).sockets.values())
    if (socket.pid === self.pid && socket.protocol === "udp") return true;
  return false;
}

const DIAL_TIMEOUT = 5 * SECOND;

function dialTargets({ self, url }: GoExchange): GoAnswer {
  const value = (name: string): string => url.values.get(name) ?? "";
  const [host, port, request, protocol, tries] = ["host", "port", "request", "protocol", "tries"].map(value) as [
    string, string, string, string, string,
  ]; // prettier-ignore
  goLog(self, `GET /dial?host=${host}&protocol=${protocol}&port=${port}&request=${request}&tries=${tries}`);
  if (tries !== "" && !/^[-+]?\d+$/.test(tries))
    return goError(400, `tries parameter is invalid. strconv.Atoi: parsing ${JSON.stringify(tries)}: invalid syntax`);
  if (request === "") return goError(400, "request parameter not specified. <nil>");
  const kind = protocol.toLowerCase();
  if (kind === "sctp") return goError(501, "drydock: agnhost: '/dial?protocol=sctp' is not simulated");
  if (kind !== "" && kind !== "http" && kind !== "udp") return goError(400, `unsupported protocol. ${protocol}`);
  const found = lookup(self.host, namespaceOf(self), host);
  if ("failed" in found) return goError(400, `host and/or port param are invalid. lookup ${host}: no such host`);
  const [errors, responses]: [string[], string[]] = [[], []];
  let delay = found.latency;
  for (let left = Math.min(tries === "" ? 1 : Number(tries), 100); left > 0; left--) {
    const dial = kind === "udp" ? dialUdp : dialHttp;
    const result = dial(self, found.addresses[0]!, Number(port), request);
    delay += result.latency;
    if ("error" in result) errors.push(result.error);
    else responses.push(result.body);
  }
  const body = { ...(errors.length > 0 ? { errors } : {}), ...(responses.length > 0 ? { responses } : {}) };
  return { body: encode(JSON.stringify(body)), delay };
}

type DialResult = { readonly latency: Duration } & ({ readonly body: string } | { readonly error: string });

function dialHttp(self: DaemonProcess, address: string, port: number, path: string): DialResult {
  const host = joinHostPort(address, port);
  const headers = [
    ["Host", host],
    ["User-Agent", "Go-http-client/1.1"],
    ["Accept-Encoding", "gzip"],
  ] as const;
  const fetched: Fetched = fetchOnce(self, address, port, {
    method: "GET",
    target: `/${path}`,
    version: "HTTP/1.1",
    headers,
    body: "",
  });
  if ("response" in fetched) return { body: fetched.response.body, latency: fetched.latency };
  const url = `Get "http://${host}/${path}"`;
  if (fetched.failed === "silent") {
    const why = fetched.connected
      ? "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
      : `dial tcp ${host}: i/o timeout (Client.Timeout exceeded while awaiting headers)`;
    return { error: `${url}: ${why}`, latency: DIAL_TIMEOUT };
  }
  if (fetched.failed === "empty") return { error: `${url}: EOF`, latency: fetched.latency };
  const why = strerror(fetched.failed satisfies Errno).toLowerCase();
  return {
    error: `${url}: ${fetched.connected ? "read" : "dial"} tcp ${host}: ${fetched.connected ? "read" : "connect"}: ${why}`,
    latency: fetched.latency,
  };
}

function dialUdp(self: DaemonProcess, address: string, port: number, request: string): DialResult {
  const result = exchangeDatagram(
    namespaceOf(self),
    { to: address, port, pid: self.pid, uid: self.uid },
    encode(request),
  );
  const first = result.answers[0];
  if (first) return { body: first.bytes, latency: result.latency };
  const refused = result.errno === "ECONNREFUSED";
  const why = refused ? "recvfrom: connection refused" : "i/o timeout";
  const error = `reading from udp connection failed. err:'read udp ${joinHostPort(address, port)}: ${why}'`;
  return { error, latency: refused ? result.latency : DIAL_TIMEOUT };
}

export const netexecUdp: Service = {
  name: "agnhost netexec udp",
  application: (hosts) => ({
    datagram(bytes, context) {
      const self = daemonOf(hosts, context);
      if (!self) return [];
      const client = remoteAddress(context);
      const command = bytes.trim().toLowerCase();
      if (command === "hostname") {
        goLog(self, "Sending udp hostName response");
        return [{ bytes: encode(self.host.hostname) }];
      }
      if (command.startsWith("echo ")) {
        goLog(self, `Echoing ${command.slice(5)} to UDP client ${client}`);
        return [{ bytes: command.slice(5) }];
      }
      if (command === "clientip") {
        goLog(self, `Sending clientip back to UDP client ${client}`);
        return [{ bytes: client }];
      }
      if (command !== "") goLog(self, `Unknown UDP command received from ${client}: ${command}`);
      return [];
    },
  }),
};
