import type { Bytes } from "../../kernel/index.ts";
import { hasToken, header, type Headers, type HttpRequest, type HttpResponse } from "./message.ts";

/** `incomplete`: more bytes have to come. `malformed`: they never will make sense. */
export type Parsed<T> = { readonly message: T; readonly rest: Bytes } | "incomplete" | "malformed";

/** What a server reads at most before it gives up on a request's head. */
const MAX_HEAD = 32_768;

/** The first request in what has arrived. */
export function parseRequest(bytes: Bytes): Parsed<HttpRequest> {
  const skipped = bytes.replace(/^(\r?\n)+/, "");
  const head = splitHead(skipped);
  if (typeof head === "string") return head;
  const match = /^([!#$%&'*+.^_`|~\w-]+) (\S+) (HTTP\/1\.[01])$/.exec(head.start);
  if (!match) return "malformed";
  const [, method, target, version] = match as unknown as [string, string, string, "HTTP/1.0" | "HTTP/1.1"];
  const start = { method, target, version, headers: head.headers };
  const body = hasToken(start, "Transfer-Encoding", "chunked")
    ? readChunks(head.rest)
    : readLength(head.rest, header(start, "Content-Length") ?? "0");
  if (typeof body === "string") return body;
  return { message: { ...start, body: body.body }, rest: body.rest };
}

/**
 * The first response in what has arrived. `method` is that of the request, since an answer to HEAD has no body; `ended` that
 * nothing more will come, which completes a body without a length.
 */
export function parseResponse(bytes: Bytes, method: string, ended: boolean): Parsed<HttpResponse> {
  const head = splitHead(bytes);
  if (typeof head === "string") return head === "incomplete" && ended ? "malformed" : head;
  const match = /^(HTTP\/1\.[01]) (\d{3})(?: (.*))?$/.exec(head.start);
  if (!match) return "malformed";
  const start = {
    version: match[1] as "HTTP/1.0" | "HTTP/1.1",
    status: Number(match[2]),
    reason: match[3] ?? "",
    headers: head.headers,
  };
  const body = responseBody(start, head.rest, method, ended);
  if (typeof body === "string") return body;
  return { message: { ...start, body: body.body }, rest: body.rest };
}

interface Head {
  readonly start: string;
  readonly headers: Headers;
  readonly rest: Bytes;
}

function splitHead(bytes: Bytes): Head | "incomplete" | "malformed" {
  const end = /\r?\n\r?\n/.exec(bytes);
  if (!end) return bytes.length > MAX_HEAD ? "malformed" : "incomplete";
  const [start, ...lines] = bytes.slice(0, end.index).split(/\r?\n/);
  const headers: [string, string][] = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) return "malformed";
    headers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  return { start: start!, headers, rest: bytes.slice(end.index + end[0].length) };
}

interface Body {
  readonly body: Bytes;
  readonly rest: Bytes;
}

function responseBody(
  start: { status: number; headers: Headers },
  bytes: Bytes,
  method: string,
  ended: boolean,
): Body | "incomplete" | "malformed" {
  const { status } = start;
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return { body: "", rest: bytes };
  if (hasToken(start, "Transfer-Encoding", "chunked")) return readChunks(bytes);
  const length = header(start, "Content-Length");
  if (length !== undefined) return readLength(bytes, length);
  return ended ? { body: bytes, rest: "" } : "incomplete";
}

function readLength(bytes: Bytes, text: string): Body | "incomplete" | "malformed" {
  if (!/^\d{1,15}$/.test(text)) return "malformed";
  const length = Number(text);
  return bytes.length < length ? "incomplete" : { body: bytes.slice(0, length), rest: bytes.slice(length) };
}

function readChunks(bytes: Bytes): Body | "incomplete" | "malformed" {
  let body = "";
  for (let at = 0; ;) {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) return "incomplete";
    const size = /^[0-9a-f]{1,8}/i.exec(bytes.slice(at, end));
    if (!size) return "malformed";
    const length = Number.parseInt(size[0], 16);
    const start = end + 2;
    if (length === 0) {
      // Trailers end with an empty line.
      const close = bytes.startsWith("\r\n", start) ? start + 2 : bytes.indexOf("\r\n\r\n", start) + 4;
      return close < start + 2 ? "incomplete" : { body, rest: bytes.slice(close) };
    }
    if (bytes.length < start + length + 2) return "incomplete";
    body += bytes.slice(start, start + length);
    at = start + length + 2;
  }
}
