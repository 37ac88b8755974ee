import type { DaemonProcess } from "../host/index.ts";
import type { Duration } from "../kernel/index.ts";
import {
  namespaceOf,
  connect,
  httpExchange,
  type Connection,
  type Errno,
  type HttpRequest,
  type HttpResponse,
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
  | { readonly failed: Errno | "silent" | "empty"; readonly connected: boolean; readonly latency: Duration };

/** Sends one HTTP request on a connection of its own. */
export function fetchOnce(self: DaemonProcess, address: string, port: number, request: HttpRequest): Fetched {
  const dialled = dial(self, address, port);
  if ("failed" in dialled) return { ...dialled, connected: false };
  const { connection } = dialled;
  const result = httpExchange(connection, request);
  connection.close();
  const latency = dialled.latency + result.latency;
  if (result.outcome === "response") return { response: result.response, latency };
  const failed = result.outcome === "no answer" ? "silent" : result.outcome === "reset" ? "ECONNRESET" : "empty";
  return { failed, connected: true, latency };
}
