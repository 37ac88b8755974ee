import {
  connect,
  hostNamespace,
  httpExchange,
  startTls,
  header,
  type Connection,
  type HttpRequest,
} from "../../../net/index.ts";
import type { Container, HttpGetAction } from "../../api/index.ts";
import { dialError } from "../../access/dial-error.ts";
import type { Kubelet } from "../kubelet.ts";
import { steadyOf, type Steady } from "./steady.ts";
import { portNumber } from "./target.ts";

/** What an HTTP request came to: a response, or why there is none in Go's words, behind `Get "http://…": `. */
export type HttpOutcome =
  | { readonly status: number; readonly body: string; readonly warning?: string; readonly steady?: Steady }
  | { readonly error: string };

const TIMEOUT = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
/** Go's http.Client follows so many redirects; a probe those to the same host only (pkg/probe/http/http.go). */
const MOST_REDIRECTS = 10;
const MOST_BODY = 10 * 1024;

interface Target {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Sends the request of a probe or hook from the node (pkg/probe/http/request.go). */
export function httpAction(
  kubelet: Kubelet,
  action: HttpGetAction,
  address: string,
  container: Container,
  userAgent: string,
): HttpOutcome {
  const port = portNumber(action.port, container);
  if (typeof port !== "number") return port;
  const scheme = (action.scheme ?? "HTTP").toLowerCase();
  let target: Target = { scheme, host: action.host || address, port, path: withSlash(action.path ?? "/") };
  for (let redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
    const result = request(kubelet, target, action, userAgent);
    if ("error" in result) return result;
    const location = [301, 302, 303, 307, 308].includes(result.status) ? result.location : undefined;
    if (location === undefined) return result;
    const next = redirected(target, location);
    if (!next || next.host !== target.host)
      return { status: 200, body: result.body, warning: `Probe terminated redirects, Response body: ${result.body}` };
    target = next;
  }
  return { error: `Get ${JSON.stringify(urlOf(target))}: stopped after 10 redirects` };
}

interface Response {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
  readonly steady?: Steady;
}

function request(
  kubelet: Kubelet,
  target: Target,
  action: HttpGetAction,
  userAgent: string,
): Response | { readonly error: string } {
  const { scheme, host, port, path } = target;
  const failed = (why: string): { readonly error: string } => ({
    error: `Get ${JSON.stringify(urlOf(target))}: ${why}`,
  });
  const ns = hostNamespace(kubelet.host);
  const attempt = connect(ns, { to: host, port, pid: kubelet.running.pid, tracing: false });
  const { connection } = attempt;
  if (!connection || attempt.outcome !== "connected") {
    connection?.close();
    return failed(
      attempt.errno === undefined
        ? `dial tcp ${joined(host, port)}: i/o timeout`
        : dialError(host, port, attempt.errno),
    );
  }
  try {
    const problem = scheme === "https" ? greet(connection) : undefined;
    if (problem !== undefined) return failed(problem);
    const sent = httpExchange(connection, message(target, action, userAgent, path), { tracing: false });
    if (sent.outcome === "response") {
      const location = header(sent.response, "Location");
      const steady = steadyOf(ns, attempt);
      return {
        status: sent.response.status,
        body: sent.response.body.slice(0, MOST_BODY),
        ...(location === undefined ? {} : { location }),
        ...(steady ? { steady } : {}),
      };
    }
    if (sent.outcome === "reset")
      return failed(`read tcp ${ends(connection, host, port)}: read: connection reset by peer`);
    if (sent.outcome === "malformed")
      return failed(
        `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(sent.bytes.split("\n")[0]!)}`,
      );
    return failed(sent.outcome === "no answer" ? TIMEOUT : "EOF");
  } finally {
    connection.close();
  }
}

function message(
  { scheme, host, port }: Target,
  { httpHeaders = [] }: HttpGetAction,
  userAgent: string,
  path: string,
): HttpRequest {
  const own = (name: string): string | undefined =>
    httpHeaders.find((field) => field.name.toLowerCase() === name)?.value;
  const usual = (scheme === "http" && port === 80) || (scheme === "https" && port === 443);
  return {
    method: "GET",
    target: path,
    version: "HTTP/1.1",
    headers: [
      ["Host", own("host") ?? (usual ? host : joined(host, port))],
      ["User-Agent", own("user-agent") ?? userAgent],
      ...httpHeaders
        .filter(({ name }) => !["host", "user-agent"].includes(name.toLowerCase()))
        .map(({ name, value }): [string, string] => [name, value]),
      ...(own("accept") === undefined ? [["Accept", "*/*"] as [string, string]] : []),
      ["Connection", "close"],
    ],
    body: "",
  };
}

/** Probes trust every certificate. */
function greet(connection: Connection): string | undefined {
  const handshake = startTls(connection, { version: "TLSv1.3", alpn: ["h2", "http/1.1"] });
  switch (handshake.outcome) {
    case "established":
      return undefined;
    case "alert":
      return `remote error: tls: ${handshake.alert.replaceAll("_", " ")}`;
    case "not tls":
      return "http: server gave HTTP response to HTTPS client";
    case "no answer":
      return "net/http: TLS handshake timeout";
    default:
      return "EOF";
  }
}

function ends(connection: Connection, host: string, port: number): string {
  const row = connection.row;
  return row ? `${joined(row.address, row.port)}->${joined(host, port)}` : joined(host, port);
}

function joined(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function urlOf({ scheme, host, port, path }: Target): string {
  return `${scheme}://${joined(host, port)}${path}`;
}

function withSlash(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}

function redirected(from: Target, location: string): Target | undefined {
  if (location.startsWith("/")) return { ...from, path: location };
  const match = /^(https?):\/\/(\[[^\]]+\]|[^/:]+)(?::(\d+))?(\/.*)?$/.exec(location);
  if (!match) return undefined;
  const scheme = match[1]!;
  const port = match[3] === undefined ? (scheme === "https" ? 443 : 80) : Number(match[3]);
  return { scheme, host: match[2]!.replace(/^\[|\]$/g, ""), port, path: match[4] ?? "/" };
}
