import type { Bytes } from "../../kernel/index.ts";
import {
  connect, header, httpExchange, startTls, type Connection, type Headers, type HttpRequest, type Namespace, type SocketRow,
} from "../../net/index.ts"; // prettier-ignore
import { dialError } from "./dial-error.ts";

/** An HTTP request that a component sends over its network. */
export interface HttpCall {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  /** The name to ask for in TLS, if it is not that of the host. */
  readonly serverName?: string;
  readonly method: string;
  /** With its query. */
  readonly target: string;
  readonly headers?: Headers;
  readonly body?: Bytes;
  /** PEM texts of the client's certificate, leaf first. */
  readonly certificate?: readonly string[];
  /** Why the server's certificate is not trusted, in Go's words; everything is, if nobody asks. */
  readonly distrust?: (chain: readonly string[]) => string | undefined;
}

/** What came of it. An error is in Go's words, without `Get "https://…": `; `slow`: it took as long as the client waits. */
export type HttpReply =
  | {
      readonly status: number;
      readonly reason: string;
      readonly headers: Headers;
      readonly body: Bytes;
      /** Who has answered. */
      readonly socket: SocketRow | undefined;
    }
  | { readonly error: string; readonly slow: boolean };

/** Sends a request and reads the answer, synchronously, as Go's net/http does. */
export function httpCall(ns: Namespace, pid: number | undefined, call: HttpCall): HttpReply {
  const { host, port, scheme } = call;
  const attempt = connect(ns, { to: host, port, ...(pid === undefined ? {} : { pid }), tracing: false });
  const { connection } = attempt;
  if (!connection || attempt.outcome !== "connected") {
    connection?.close();
    return failed(dialError(host, port, attempt.errno), attempt.errno === undefined);
  }
  try {
    const problem = scheme === "https" ? greet(connection, call) : undefined;
    if (problem) return problem;
    const sent = httpExchange(connection, message(call), { tracing: false });
    if (sent.outcome === "response")
      return {
        status: sent.response.status,
        reason: sent.response.reason,
        headers: sent.response.headers,
        body: sent.response.body,
        socket: attempt.trace?.delivery?.socket,
      };
    if (sent.outcome === "reset")
      return failed(`read tcp ${ends(connection, host, port)}: read: connection reset by peer`);
    if (sent.outcome === "malformed")
      return failed(
        `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(sent.bytes.split("\n")[0]!)}`,
      );
    return sent.outcome === "no answer" ? failed("context deadline exceeded", true) : failed("EOF");
  } finally {
    connection.close();
  }
}

/** The media type of an answer, as it says itself. */
export function mediaTypeOf(headers: Headers): string {
  return header({ headers }, "Content-Type") ?? "text/plain; charset=utf-8";
}

function failed(error: string, slow = false): HttpReply {
  return { error, slow };
}

function greet(
  connection: Connection,
  { host, serverName = host, certificate, distrust }: HttpCall,
): HttpReply | undefined {
  const named = /^[\d.]+$|:/.test(serverName) ? {} : { serverName };
  const handshake = startTls(connection, {
    version: "TLSv1.3",
    alpn: ["h2", "http/1.1"],
    ...named,
    ...(certificate ? { certificate } : {}),
  });
  switch (handshake.outcome) {
    case "established": {
      const problem = distrust?.(handshake.session.serverChain);
      return problem === undefined ? undefined : failed(problem);
    }
    case "alert":
      return failed(`remote error: tls: ${handshake.alert.replaceAll("_", " ")}`);
    case "not tls":
      return failed("http: server gave HTTP response to HTTPS client");
    case "no answer":
      return failed("net/http: TLS handshake timeout", true);
    default:
      return failed("EOF");
  }
}

function message({ method, target, host, port, scheme, headers = [], body = "" }: HttpCall): HttpRequest {
  const usual = (scheme === "http" && port === 80) || (scheme === "https" && port === 443);
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  return {
    method,
    target,
    version: "HTTP/1.1",
    headers: [
      ...(given.has("host") ? [] : [["Host", usual ? host : joined(host, port)] as const]),
      ...headers,
      ...(body === "" ? [] : [["Content-Length", String(body.length)] as const]),
      ["Connection", "close"],
    ],
    body,
  };
}

function ends({ row }: Connection, host: string, port: number): string {
  return row ? `${joined(row.address, row.port)}->${joined(host, port)}` : joined(host, port);
}

function joined(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
