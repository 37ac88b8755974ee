import type { Duration } from "../../kernel/index.ts";
import type { Errno } from "../errno.ts";
import type { Connection } from "../transport/connection.ts";
import { exchange } from "../transport/exchange.ts";
import type { Trace } from "../walk/trace.ts";
import type { HttpRequest, HttpResponse } from "./message.ts";
import { parseResponse } from "./parse.ts";
import { serializeRequest } from "./serialize.ts";

export type HttpResult =
  | {
      readonly outcome: "response";
      readonly response: HttpResponse;
      /** The server has closed the connection behind it. */
      readonly ended: boolean;
      readonly trace: Trace | undefined;
      readonly latency: Duration;
    }
  | {
      /** `empty`: closed without a byte. `partial`: closed within a response, of which `bytes` have come. `malformed`: not HTTP. */
      readonly outcome: "no answer" | "reset" | "empty" | "partial" | "malformed" | "closed";
      readonly bytes: string;
      readonly errno: Errno | undefined;
      readonly trace: Trace | undefined;
      readonly latency: Duration;
    };

/** Sends a request on an open connection and reads the response. */
export function httpExchange(
  connection: Connection,
  request: HttpRequest,
  options: { tracing?: boolean } = {},
): HttpResult {
  const complete = (bytes: string, ended: boolean): boolean =>
    parseResponse(skipInterim(bytes), request.method, ended) !== "incomplete";
  const result = exchange(connection, serializeRequest(request), complete, options);
  const { bytes, errno, trace, latency, ended } = result;
  const parsed = parseResponse(skipInterim(bytes), request.method, ended);
  if (typeof parsed !== "string") return { outcome: "response", response: parsed.message, ended, trace, latency };
  const failed = { bytes, errno, trace, latency };
  if (result.outcome === "reset") return { ...failed, outcome: "reset" };
  if (ended || result.outcome === "closed")
    return {
      ...failed,
      outcome: bytes === "" ? (ended ? "empty" : "closed") : parsed === "malformed" ? "malformed" : "partial",
    };
  return { ...failed, outcome: parsed === "malformed" ? "malformed" : "no answer" };
}

/** `100 Continue` and its like go before the response. */
function skipInterim(bytes: string): string {
  const match = /^HTTP\/1\.1 1\d\d [^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(bytes);
  return match && !bytes.startsWith("HTTP/1.1 101") ? skipInterim(bytes.slice(match[0].length)) : bytes;
}
