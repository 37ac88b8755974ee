import { attempt, Errno, programVersion, type Caller, type DaemonProcess } from "../../host/index.ts";
import { calendar, decode, MONTHS, pad, SECOND, WEEKDAYS, type Bytes, type Time } from "../../kernel/index.ts";
import { httpDate } from "../go/http.ts";
import {
  hasToken,
  header,
  serializeResponse,
  type Context,
  type HttpRequest,
  type HttpResponse,
} from "../../net/index.ts";
import { normalize } from "../nginx/read-request.ts";
import { writeLog } from "../nginx/log.ts";
import type { HttpdConf } from "./conf.ts";
import { contentType } from "./mime.ts";
import { doctype, errorPage, REASONS } from "./pages.ts";

/** One request on a connection of httpd. */
export interface Visit {
  readonly self: DaemonProcess;
  readonly conf: HttpdConf;
  readonly worker: Caller;
  readonly context: Context;
  readonly request: HttpRequest;
  /** The request line as it came. */
  readonly line: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly type?: string | undefined;
  readonly body?: Bytes;
  readonly location?: string;
  readonly close?: boolean;
  /** Sent in chunks, as an answer whose length was not asked for. */
  readonly chunked?: boolean;
}

const ALLOW = ["Allow", "HEAD,GET,POST,OPTIONS,TRACE"] as const;
const METHODS = new Set(["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "CONNECT", "TRACE"]);

/** The response's bytes, and whether the connection stays open. Logs the request. */
export function serveVisit(visit: Visit): { bytes: Bytes; open: boolean } {
  const answer = decide(visit);
  const { request } = visit;
  const { status, location = "" } = answer;
  const isError = status >= 300 && status !== 304;
  const body = isError
    ? errorPage(programVersion(visit.self), status, { method: request.method, location })
    : (answer.body ?? "");
  const type = isError ? "text/html; charset=iso-8859-1" : answer.type;
  const open = staysOpen(request) && !answer.close;
  const sized = status !== 304 && !answer.chunked && !(isError && request.method === "HEAD");
  const response: HttpResponse = {
    status,
    reason: REASONS[status]!,
    headers: [
      ["Date", httpDate(visit.context.now)],
      ["Server", `Apache/${programVersion(visit.self)} (Unix)`],
      ...(location === "" ? [] : [["Location", location] as const]),
      ...(answer.headers ?? []).filter(([name]) => name !== "Content-Range"),
      ...(sized ? [["Content-Length", String(body.length)] as const] : []),
      ...(answer.headers ?? []).filter(([name]) => name === "Content-Range"),
      ...(open && request.version === "HTTP/1.0" ? [["Keep-Alive", "timeout=5, max=100"] as const] : []),
      ...(open && request.version === "HTTP/1.0" ? [["Connection", "Keep-Alive"] as const] : []),
      ...(open ? [] : [["Connection", "close"] as const]),
      ...(answer.chunked ? [["Transfer-Encoding", "chunked"] as const] : []),
      ...(type === undefined || status === 304 ? [] : [["Content-Type", type] as const]),
    ],
    body: status === 304 ? "" : answer.chunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body,
  };
  logAccess(visit, status, request.method === "HEAD" || status === 304 ? 0 : body.length);
  return { bytes: serializeResponse(response, request.method), open };
}

function decide(visit: Visit): Answer {
  const { request, conf } = visit;
  if (request.method === "") return { status: 400, close: true };
  const target = request.target.replace(/^http:\/\/[^/]*/i, "");
  const [raw, query] = target.split("?", 2) as [string, string | undefined];
  const path = raw === "*" ? "/" : normalize(raw);
  if (path === undefined || !raw.startsWith("/")) {
    logError(visit, "core:error", `AH10244: invalid URI path (${target})`);
    return { status: 400, close: true };
  }
  if (request.version === "HTTP/1.1" && header(request, "Host") === undefined) return { status: 400, close: true };
  if (!METHODS.has(request.method)) {
    logError(visit, "core:error", `AH00135: Invalid method in request ${visit.line}`);
    return { status: 501, headers: [ALLOW], close: true };
  }
  const file = conf.documentRoot + path;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!granted(conf, file) || conf.denied.some((pattern) => glob(pattern, name))) {
    logError(visit, "authz_core:error", `AH01630: client denied by server configuration: ${file}`, true);
    return { status: 403 };
  }
  if (request.method === "OPTIONS")
    return { status: 200, headers: [ALLOW], type: path.endsWith("/") ? "text/html" : undefined };
  if (!["GET", "HEAD", "POST"].includes(request.method)) return { status: 405, headers: [ALLOW] };
  return sendPath(visit, path, file, query);
}

function sendPath(visit: Visit, path: string, file: string, query: string | undefined): Answer {
  const { self, worker, conf, request, context } = visit;
  const { files } = self.host;
  const stat = attempt(() => files.stat(file, worker));
  if (stat instanceof Errno) {
    if (stat.code !== "EACCES") return { status: 404 };
    logError(
      visit,
      "core:error",
      `(13)Permission denied: AH00035: access to ${path} denied (filesystem path '${file}') because search permissions are missing on a component of the path`,
      true,
    );
    return { status: 403 };
  }
  if (stat.type === "dir") {
    if (!path.endsWith("/")) {
      const host = header(request, "Host") ?? conf.serverName ?? context.local.address;
      const args = query === undefined ? "" : `?${query}`;
      return { status: 301, location: `http://${host}${path}/${args}` };
    }
    for (const index of conf.indexes) {
      const found = attempt(() => files.stat(file + index, worker));
      if (!(found instanceof Errno) && found.type === "file") return sendFile(visit, file + index, found.mtime);
    }
    return listDirectory(visit, path, file);
  }
  if (path.endsWith("/") || stat.type !== "file") return { status: 404 };
  return sendFile(visit, file, stat.mtime);
}

function sendFile({ self, worker, request }: Visit, file: string, mtime: Time): Answer {
  const data = attempt(() => self.host.files.read(file, worker));
  if (data instanceof Errno) return { status: 403 };
  const etag = `"${data.length.toString(16)}-${Math.floor(mtime).toString(16)}"`;
  const modified = httpDate(Math.floor(mtime / SECOND) * SECOND);
  const headers: [string, string][] = [
    ["Last-Modified", modified],
    ["ETag", etag],
    ["Accept-Ranges", "bytes"],
  ];
  const type = contentType(file);
  const noneMatch = header(request, "If-None-Match");
  const unchanged =
    noneMatch === undefined
      ? header(request, "If-Modified-Since") === modified
      : noneMatch.split(",").some((tag) => tag.trim() === etag || tag.trim() === "*");
  if (unchanged) return { status: 304, headers };
  const range = /^bytes=(\d*)-(\d*)$/.exec(header(request, "Range") ?? "");
  if (!range || (range[1] === "" && range[2] === "")) return { status: 200, headers, type, body: data };
  const from = range[1] === "" ? Math.max(0, data.length - Number(range[2])) : Number(range[1]);
  const to = range[1] === "" || range[2] === "" ? data.length - 1 : Math.min(Number(range[2]), data.length - 1);
  if (from > to) return { status: 416, chunked: true };
  const content: [string, string] = ["Content-Range", `bytes ${from}-${to}/${data.length}`];
  return { status: 206, headers: [...headers, content], type, body: data.slice(from, to + 1) };
}

/** mod_autoindex without FancyIndexing. */
function listDirectory(visit: Visit, path: string, file: string): Answer {
  const { self, worker, conf } = visit;
  if (!setting(conf, file, "indexes")) {
    logError(
      visit,
      "autoindex:error",
      `AH01276: Cannot serve directory ${file}: No matching DirectoryIndex (${conf.indexes.join(",")}) found, and server-generated directory index forbidden by Options directive`,
      true,
    );
    return { status: 403 };
  }
  const names = attempt(() => self.host.files.list(file, worker));
  if (names instanceof Errno) return { status: 403 };
  const shown = names
    .filter((name) => !name.startsWith("."))
    .sort()
    .map((name) => {
      const stat = attempt(() => self.host.files.stat(`${file}/${name}`, worker));
      const label = stat instanceof Errno || stat.type !== "dir" ? name : `${name}/`;
      return `<li><a href="${label}"> ${label}</a></li>\n`;
    });
  const here = path.replace(/(?<=.)\/$/, "");
  const up = here.slice(0, here.lastIndexOf("/") + 1);
  const parent = path === "/" ? "" : `<li><a href="${up}"> Parent Directory</a></li>\n`;
  const title = `Index of ${here}`;
  const body = `${doctype(programVersion(self), true)}<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n<h1>${title}</h1>\n<ul>${parent}${shown.join("")}</ul>\n</body></html>\n`;
  return { status: 200, type: "text/html;charset=ISO-8859-1", body };
}

function granted(conf: HttpdConf, file: string): boolean {
  return setting(conf, file, "granted") ?? true;
}

/** Of the longest directory that the file is in. */
function setting(conf: HttpdConf, file: string, name: "granted" | "indexes"): boolean | undefined {
  let best: { length: number; value: boolean } | undefined;
  for (const directory of conf.directories) {
    const value = directory[name];
    const inside = directory.path === "/" || file === directory.path || file.startsWith(`${directory.path}/`);
    if (value !== undefined && inside && (best === undefined || directory.path.length >= best.length))
      best = { length: directory.path.length, value };
  }
  return best?.value;
}

function glob(pattern: string, name: string): boolean {
  return new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|\\[\]]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  ).test(name);
}

function staysOpen(request: HttpRequest): boolean {
  if (hasToken(request, "Connection", "close")) return false;
  return request.version === "HTTP/1.1" || hasToken(request, "Connection", "keep-alive");
}

/** `[Fri Nov 21 10:00:00.123456 2025] [core:error] [pid 7:tid 7] …` */
export function errorLine(self: DaemonProcess, what: string, message: string): string {
  const { year, month, day, hour, minute, second, micros, weekday } = calendar(self.kernel.now);
  const date = `${WEEKDAYS[weekday]!.slice(0, 3)} ${MONTHS[month - 1]!.slice(0, 3)} ${pad(day, 2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(micros, 6)} ${year}`;
  const pid = self.host.pidOf(self.row);
  return `[${date}] [${what}] [pid ${pid}:tid ${pid}] ${message}`;
}

function logError(visit: Visit, what: string, message: string, referer = false): void {
  const { self, conf, context, request } = visit;
  const from = referer && header(request, "Referer") !== undefined ? `, referer: ${header(request, "Referer")!}` : "";
  const client = `[client ${context.remote.address}:${context.remote.port}]`;
  writeLog(self, conf.errorLog, decode(errorLine(self, what, `${client} ${message}${from}`)));
}

function logAccess({ self, conf, context, request, line }: Visit, status: number, bytes: number): void {
  const { year, month, day, hour, minute, second } = calendar(context.now);
  const time = `[${pad(day, 2)}/${MONTHS[month - 1]!.slice(0, 3)}/${year}:${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)} +0000]`;
  const values: Readonly<Record<string, string>> = {
    h: context.remote.address,
    l: "-",
    u: "-",
    t: time,
    r: line,
    s: String(status),
    b: bytes === 0 ? "-" : String(bytes),
    B: String(bytes),
    m: request.method,
    U: request.target.split("?")[0]!,
    v: conf.serverName ?? "localhost",
    p: String(context.local.port),
    "%": "%",
  };
  for (const { path, format } of conf.accessLogs) {
    const text = format.replaceAll(
      /%[<>]?(?:\{([^}]*)\}i|([a-zA-Z%]))/g,
      (whole, field: string | undefined, letter: string | undefined) =>
        field === undefined ? (values[letter!] ?? whole) : (header(request, field) ?? "-"),
    );
    writeLog(
      self,
      path,
      decode(
        text.replaceAll(/[\0-\x1f\x7f-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`),
      ),
    );
  }
}
