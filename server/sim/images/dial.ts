import type { DaemonProcess } from "../host/index.ts";
import type { Duration } from "../kernel/index.ts";
import {
  namespaceOf,
  connect,
  httpExchange,
  startTls,
  type ClientHello,
  type Connection,
  type Errno,
  type HttpRequest,
  type HttpResponse,
  httpOverUnix,
} from "../net/index.ts";

export type Dialled =
  | { readonly connection: Connection; readonly latency: Duration }
  /** `silent`: nothing came back, and nothing will by retrying. */
  | { readonly failed: Errno | "silent"; readonly latency: Duration };

/** Connects a daemon to a server at once, without waiting for retries. */
export function dial(self: DaemonProcess, address: string, port: number): Dialled {
  const { outcome, errno, latency, connection } = connect(namespaceOf(self), {
    to: address,
    port,
    pid: self.pid,
    uid: self.uid,
  });
  if (outcome === "connected") return { connection: connection!, latency };
  connection?.close();
  return { failed: errno ?? "silent", latency };
}

export type Fetched =
  | { readonly response: HttpResponse; readonly latency: Duration }
  /** `silent` before or after the connection stood, `empty`: it was closed without a whole answer. */
  | {
      readonly failed: Errno | "silent" | "empty";
      readonly connected: boolean;
      readonly latency: Duration;
      /** What OpenSSL says of a handshake that went wrong. */
      readonly handshake?: string;
    };

/** Sends one HTTP request on a connection of its own, with TLS if there is a hello. */
export function fetchOnce(
  self: DaemonProcess,
  address: string,
  port: number,
  request: HttpRequest,
  hello?: ClientHello,
): Fetched {
  const dialled = dial(self, address, port);
  if ("failed" in dialled) return { ...dialled, connected: false };
  const { connection } = dialled;
  const greeted = hello && startTls(connection, hello);
  if (greeted && greeted.outcome !== "established") {
    connection.close();
    const latency = dialled.latency + greeted.latency;
    if (greeted.outcome === "no answer") return { failed: "silent", connected: true, latency };
    const handshake =
      greeted.outcome === "not tls"
        ? "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number)"
        : greeted.outcome === "alert"
          ? `SSL_do_handshake() failed (SSL: error:0A000438:SSL routines::tlsv1 alert ${greeted.alert.replaceAll("_", " ")})`
          : "peer closed connection in SSL handshake";
    return { failed: "empty", connected: true, latency, handshake };
  }
  const result = httpExchange(connection, request);
  connection.close();
  const latency = dialled.latency + result.latency;
  if (result.outcome === "response") return { response: result.response, latency };
  const failed = result.outcome === "no answer" ? "silent" : result.outcome === "reset" ? "ECONNRESET" : "empty";
  return { failed, connected: true, latency };
}

/** The same by a socket in the file system, which a daemon of this machine listens on. */
export function fetchUnix(self: DaemonProcess, path: string, request: HttpRequest): Fetched {
  const result = httpOverUnix(self, path, request);
  if ("response" in result) return result;
  return { failed: result.failed, connected: result.failed === "empty", latency: 0 };
}
