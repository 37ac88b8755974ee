import { Errno as HostErrno } from "../../host/index.ts";
import type { Duration } from "../../kernel/index.ts";
import type { Errno } from "../errno.ts";
import { namespaceOf, type InProcess } from "../program/network-of.ts";
import { findUnix, type UnixCaller } from "../socket/unix.ts";
import type { Context } from "../transport/application.ts";
import { applicationOf, streamServer } from "../transport/serve.ts";
import type { HttpRequest, HttpResponse } from "./message.ts";
import { parseResponse } from "./parse.ts";
import { serializeRequest } from "./serialize.ts";

/** Who asks: a process with its rights to files. */
export type UnixClient = InProcess & UnixCaller;

/** Sends one request to a daemon that listens on a unix socket. `empty`: it closed the connection without a whole answer. */
export function httpOverUnix(
  client: UnixClient,
  path: string,
  request: HttpRequest,
): { readonly response: HttpResponse; readonly latency: Duration } | { readonly failed: Errno | "empty" } {
  try {
    const { ns, row } = findUnix(client, namespaceOf(client), path, "stream");
    const application = applicationOf(ns, row);
    const server = application && streamServer(application);
    if (!server) return { failed: "ECONNREFUSED" };
    const context: Context = {
      ns,
      local: { address: row.address, port: 0 },
      remote: { address: "unix:", port: 0 },
      args: row.args,
      now: ns.kernel.now,
      protocol: "tcp",
    };
    const { memory } = server.open?.(context) ?? {};
    const { bytes = "", delay = 0 } = server.receive(serializeRequest(request), context, memory);
    const parsed = parseResponse(bytes, request.method, true);
    return typeof parsed === "string" ? { failed: "empty" } : { response: parsed.message, latency: delay };
  } catch (error) {
    if (error instanceof HostErrno) return { failed: error.code };
    throw error;
  }
}
