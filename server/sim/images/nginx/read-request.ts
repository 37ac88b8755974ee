import type { Bytes } from "../../kernel/index.ts";

/** A request as it arrived, its target taken apart. */
export interface RawRequest {
  readonly line: Bytes;
  readonly method: string;
  /** As it stands in the request line, without scheme and host. */
  readonly target: Bytes;
  /** Decoded and normal: `/a b`. */
  readonly uri: Bytes;
  readonly args: Bytes;
  /** Of an absolute target. */
  readonly targetHost: string | undefined;
  /** 9 stands for HTTP/0.9. */
  readonly version: 9 | 10 | 11;
  readonly headers: readonly (readonly [name: string, value: Bytes])[];
  readonly body: Bytes;
  /** How many bytes it took on the wire. */
  readonly length: number;
}

export type ReadRequest =
  | { readonly state: "incomplete"; readonly expects: boolean }
  | { readonly state: "request"; readonly request: RawRequest; readonly rest: Bytes }
  /** It is refused before any configuration counts; what was understood of its first line. */
  | { readonly state: "refused"; readonly status: number; readonly line: Bytes; readonly request?: RawRequest };

const MAX_LINE = 8192;

/** Reads the first request of what has arrived (src/http/ngx_http_parse.c, ngx_http_request.c). */
export function readRequest(bytes: Bytes): ReadRequest {
  const start = /^(?:\r?\n)*/.exec(bytes)![0].length;
  const end = bytes.indexOf("\n", start);
  const line = bytes.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
  const refuse = (status: number): ReadRequest => ({ state: "refused", status, line: line.slice(0, MAX_LINE) });
  if (/^[^A-Z_]/.test(line)) return refuse(400);
  if (line.length > MAX_LINE) return refuse(414);
  if (end < 0) return { state: "incomplete", expects: false };
  const first = readLine(line);
  if (typeof first === "number") return refuse(first);
  if (first.version === 9) {
    const request = { ...first, line, headers: [], body: "", length: end + 1 - start };
    return { state: "request", request, rest: bytes.slice(end + 1) };
  }
  const head = /\r?\n\r?\n/.exec(bytes.slice(end - 1));
  if (!head) return bytes.length - end > 4 * MAX_LINE ? refuse(494) : { state: "incomplete", expects: false };
  const headEnd = end - 1 + head.index;
  const rest = bytes.slice(headEnd + head[0].length);
  const headers = readHeaders(headEnd > end ? bytes.slice(end + 1, headEnd) : "");
  const partial = { ...first, line, headers: headers ?? [], body: "", length: headEnd + head[0].length - start };
  if (!headers) return { ...refuse(400), request: partial } as ReadRequest;
  const refused = check(partial);
  if (refused !== undefined) return { ...refuse(refused), request: partial } as ReadRequest;
  const body = readBody(headers, rest);
  if (body === "incomplete")
    return { state: "incomplete", expects: rest === "" && field(headers, "expect")?.toLowerCase() === "100-continue" };
  if (body === "malformed") return { ...refuse(400), request: partial } as ReadRequest;
  const length = partial.length + rest.length - body.rest.length;
  return { state: "request", request: { ...partial, body: body.body, length }, rest: body.rest };
}

export function field(headers: RawRequest["headers"], name: string): Bytes | undefined {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1];
}

type FirstLine = Pick<RawRequest, "method" | "target" | "uri" | "args" | "targetHost" | "version">;

function readLine(line: Bytes): FirstLine | number {
  const match = /^([A-Z_]+) +(?:(https?):\/\/([^/?# ]*))?([^ ]*)(?: +(.*))?$/i.exec(line);
  if (!match || !/^[A-Z_]+$/.test(match[1]!)) return 400;
  const [, method, scheme, host, path, protocol] = match as unknown as [
    string,
    string,
    string?,
    string?,
    string?,
    string?,
  ];
  const target = scheme === undefined || path!.startsWith("/") ? path! : `/${path!}`;
  if (!target.startsWith("/")) return 400;
  const version = protocol === undefined ? 9 : protocolVersion(protocol);
  if (version > 100) return version;
  if (version === 9 && method !== "GET") return 400;
  const mark = target.search(/[?#]/);
  const path0 = mark < 0 ? target : target.slice(0, mark);
  const args = mark >= 0 && target[mark] === "?" ? target.slice(mark + 1).replace(/#.*$/s, "") : "";
  const uri = normalize(path0);
  if (uri === undefined) return 400;
  return { method, target, uri, args, targetHost: host, version: version as 9 };
}

function protocolVersion(text: string): number {
  const match = /^HTTP\/(\d+)\.(\d+) *$/.exec(text);
  if (!match) return 400;
  if (Number(match[1]) > 1) return 505;
  return Number(match[1]) < 1 ? 400 : Number(match[2]) === 0 ? 10 : 11;
}

/** ngx_http_parse_complex_uri with merge_slashes. Undefined if it leads above the root or holds a wrong escape. */
export function normalize(path: Bytes): Bytes | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(path)) return undefined;
  const decoded = path.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  if (decoded.includes("\0")) return undefined;
  if (!/\/\/|\/\.\.?(?:\/|$)/.test(decoded)) return decoded;
  const parts: string[] = [];
  const words = decoded.split("/").slice(1);
  for (const [at, word] of words.entries()) {
    const last = at === words.length - 1;
    if (word === "..") {
      if (parts.length === 0) return undefined;
      parts.pop();
      if (last) parts.push("");
    } else if (word === "." || word === "") {
      if (last) parts.push("");
    } else parts.push(word);
  }
  return `/${parts.join("/")}`;
}

/** Undefined if a line cannot be one of a header. Names that may not be are left out. */
function readHeaders(text: Bytes): RawRequest["headers"] | undefined {
  const headers: [string, string][] = [];
  for (const line of text === "" ? [] : text.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    if (name === "" || /[\0-\x20\x7f]/.test(name)) return undefined;
    if (colon < 0 || !/^[A-Za-z0-9-]+$/.test(name)) continue;
    headers.push([name, line.slice(colon + 1).trim()]);
  }
  return headers;
}

function check(request: Omit<RawRequest, "body">): number | undefined {
  const { headers, version } = request;
  const hosts = headers.filter(([name]) => name.toLowerCase() === "host");
  if (hosts.length > 1 || (version === 11 && hosts.length === 0)) return 400;
  if (hosts.length === 1 && parseHost(hosts[0]![1]) === undefined) return 400;
  const lengths = headers.filter(([name]) => name.toLowerCase() === "content-length");
  if (lengths.length > 1 || lengths.some(([, value]) => !/^\d+$/.test(value))) return 400;
  const encoding = field(headers, "transfer-encoding");
  if (encoding === undefined) return undefined;
  if (version < 11 || lengths.length > 0) return 400;
  return encoding.toLowerCase() === "chunked" ? undefined : 501;
}

/** The name in a Host field: lower case, without port and final dot (ngx_http_validate_host). */
export function parseHost(value: Bytes): string | undefined {
  const match = /^(\[[^\]/\0]*\]|[^:/\0]*)(?::\d*)?$/.exec(value);
  if (!match || /[\0-\x20\x7f]/.test(value)) return undefined;
  const name = match[1]!.toLowerCase().replace(/\.$/, "");
  return name.includes("..") ? undefined : name;
}

function readBody(
  headers: RawRequest["headers"],
  rest: Bytes,
): { body: Bytes; rest: Bytes } | "incomplete" | "malformed" {
  if (field(headers, "transfer-encoding") !== undefined) return readChunks(rest);
  const length = Number(field(headers, "content-length") ?? 0);
  return rest.length < length ? "incomplete" : { body: rest.slice(0, length), rest: rest.slice(length) };
}

function readChunks(bytes: Bytes): { body: Bytes; rest: Bytes } | "incomplete" | "malformed" {
  let body = "";
  for (let at = 0; ;) {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) return "incomplete";
    const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(bytes.slice(at, end));
    if (!size) return "malformed";
    const length = Number.parseInt(size[1]!, 16);
    if (length === 0) {
      const close = bytes.startsWith("\r\n", end + 2) ? end + 4 : bytes.indexOf("\r\n\r\n", end + 2) + 4;
      return close < end + 4 ? "incomplete" : { body, rest: bytes.slice(close) };
    }
    if (bytes.length < end + 2 + length + 2) return "incomplete";
    body += bytes.slice(end + 2, end + 2 + length);
    at = end + 2 + length + 2;
  }
}
