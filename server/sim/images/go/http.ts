import { calendar, MONTHS, pad, WEEKDAYS, type Bytes, type Duration, type Time } from "../../kernel/index.ts";
import { hasToken, header, type Context, type Headers, type HttpRequest, type HttpResponse } from "../../net/index.ts";

/** What a handler of Go's net/http has written. Headers are those that it has set itself. */
export interface GoAnswer {
  readonly status?: number;
  readonly headers?: Headers;
  readonly body?: Bytes;
  readonly delay?: Duration;
}

/** A body up to this size is sent with its length, a longer one in chunks (bufferBeforeChunkingSize). */
const BUFFER = 2048;

/** The response as net/http writes it: the handler's headers by name, then Date, Content-Length, Content-Type, Connection. */
export function goResponse(request: HttpRequest, now: Time, answer: GoAnswer): HttpResponse {
  const { status = 200, body = "", delay = 0 } = answer;
  const set = [...(answer.headers ?? [])].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const has = (name: string): boolean => set.some(([field]) => field === name);
  const mayHaveBody = status >= 200 && status !== 204 && status !== 304;
  const chunked = mayHaveBody && body.length > BUFFER && !has("Content-Length") && request.version === "HTTP/1.1";
  const length = mayHaveBody && !chunked && !has("Content-Length") && (request.method !== "HEAD" || body !== "");
  const close = closes(request);
  return {
    status,
    reason: REASONS[status] ?? `status code ${status}`,
    headers: [
      ...set,
      ["Date", httpDate(now)],
      ...pair(length, "Content-Length", String(body.length)),
      ...pair(mayHaveBody && body !== "" && !has("Content-Type"), "Content-Type", contentType(body)),
      ...pair(close !== undefined && !has("Connection"), "Connection", close ?? ""),
      ...pair(chunked, "Transfer-Encoding", "chunked"),
    ],
    body: mayHaveBody ? (chunked ? chunks(body) : body) : "",
    delay,
  };
}

/** http.Error */
export function goError(status: number, text: string): GoAnswer {
  return {
    status,
    headers: [
      ["Content-Type", "text/plain; charset=utf-8"],
      ["X-Content-Type-Options", "nosniff"],
    ],
    body: `${text}\n`,
  };
}

/** http.Redirect; the body is only for GET and HEAD. */
export function goRedirect(request: HttpRequest, location: string, status: number): GoAnswer {
  const read = request.method === "GET" || request.method === "HEAD";
  const headers: [string, string][] = [["Location", location]];
  if (!read) return { status, headers };
  headers.push(["Content-Type", "text/html; charset=utf-8"]);
  const link = escapeHtml(location);
  return {
    status,
    headers,
    body: request.method === "GET" ? `<a href="${link}">${REASONS[status] ?? ""}</a>.\n\n` : "",
  };
}

/** A request line's target taken apart. Go's ServeMux sends clients with unclean paths elsewhere. */
export interface GoUrl {
  readonly path: string;
  readonly query: string;
  readonly values: ReadonlyMap<string, string>;
}

export function goUrl(request: HttpRequest): GoUrl {
  const target = request.target.replace(/^https?:\/\/[^/?]*/, "");
  const mark = target.indexOf("?");
  const query = mark < 0 ? "" : target.slice(mark + 1);
  const form = header(request, "Content-Type") === "application/x-www-form-urlencoded" ? request.body : "";
  const values = new Map<string, string>();
  for (const part of [...form.split("&"), ...query.split("&")]) {
    const [name, value = ""] = part.split("=", 2) as [string, string?];
    const key = unescape(name.replaceAll("+", " "));
    if (part !== "" && !values.has(key)) values.set(key, unescape(value.replaceAll("+", " ")));
  }
  return { path: unescape(mark < 0 ? target : target.slice(0, mark)), query, values };
}

/** ServeMux: an unclean path is answered with the clean one. */
export function goCleanPath(request: HttpRequest, url: GoUrl): GoAnswer | undefined {
  const parts: string[] = [];
  for (const part of url.path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const clean = `/${parts.join("/")}${url.path.endsWith("/") && parts.length > 0 ? "/" : ""}`;
  if (clean === url.path || request.method === "CONNECT") return undefined;
  return goRedirect(request, url.query === "" ? clean : `${clean}?${url.query}`, 301);
}

/** What net/http's server says before any handler sees the request. */
export function goRefusal(request: HttpRequest): HttpResponse | undefined {
  if (request.version !== "HTTP/1.1" || header(request, "Host") !== undefined) return undefined;
  return {
    status: 400,
    reason: "Bad Request",
    headers: [
      ["Content-Type", "text/plain; charset=utf-8"],
      ["Connection", "close"],
    ],
    body: "400 Bad Request: missing required Host header",
    close: "fin",
  };
}

/** `10.244.1.3:41234`, `[fd00::3]:41234` */
export function remoteAddress({ remote }: Context): string {
  return joinHostPort(remote.address, remote.port);
}

export function joinHostPort(host: string, port: number | string): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `Fri, 21 Nov 2025 10:00:00 GMT` */
export function httpDate(time: Time): string {
  const { year, month, day, hour, minute, second, weekday } = calendar(time);
  const clock = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  return `${WEEKDAYS[weekday]!.slice(0, 3)}, ${pad(day, 2)} ${MONTHS[month - 1]!.slice(0, 3)} ${year} ${clock} GMT`;
}

/** http.DetectContentType, as far as our servers' bodies need it. */
function contentType(body: Bytes): string {
  const start = body.slice(0, 512).trimStart();
  if (/^<(?:!DOCTYPE HTML|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[ >]/i.test(start))
    return "text/html; charset=utf-8";
  if (start.startsWith("<?xml")) return "text/xml; charset=utf-8";
  // oxlint-disable-next-line no-control-regex
  return /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(start) ? "application/octet-stream" : "text/plain; charset=utf-8";
}

function closes(request: HttpRequest): "close" | "keep-alive" | undefined {
  if (hasToken(request, "Connection", "close")) return "close";
  if (request.version === "HTTP/1.1") return undefined;
  return hasToken(request, "Connection", "keep-alive") ? "keep-alive" : "close";
}

function chunks(body: Bytes): Bytes {
  return `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}

function pair(when: boolean, name: string, value: string): [string, string][] {
  return when ? [[name, value]] : [];
}

function unescape(text: string): string {
  return text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&#34;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (char) => entities[char]!);
}

export const REASONS: Readonly<Record<number, string>> = {
  100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
  206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
  307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required",
  403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout",
  409: "Conflict", 410: "Gone", 412: "Precondition Failed", 413: "Request Entity Too Large", 417: "Expectation Failed",
  418: "I'm a teapot", 422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error",
  501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
}; // prettier-ignore
