import { encode, type Bytes, type Time } from "../../sim/kernel/index.ts";
import { attempt, Errno, join, type Host, type Process } from "../../sim/host/index.ts";
import { strftime } from "../gnu/strftime.ts";
import { contentType } from "./content-type.ts";

export interface Response {
  readonly head: Bytes;
  readonly body: Bytes;
  /** Lines of the log without client and time. */
  readonly log: readonly string[];
}

const EXPLAINED: Readonly<Record<number, readonly [string, string]>> = {
  200: ["OK", ""],
  301: ["Moved Permanently", ""],
  304: ["Not Modified", ""],
  400: ["Bad Request", "Bad request syntax or unsupported method"],
  404: ["Not Found", "Nothing matches the given URI"],
  501: ["Not Implemented", "Server does not support this operation"],
  505: ["HTTP Version Not Supported", "Cannot fulfill request"],
};

/** Answers a request as SimpleHTTPRequestHandler does: files, listings of directories, redirections to them, errors. */
export function respond(host: Host, root: string, head: string, now: Time, version: string, as: Process): Response {
  const line = head.split(/\r?\n/)[0]!;
  const words = line.trim().split(/\s+/);
  const made = new Answer(line, now, version);
  const [method = "", target = "", protocol = "HTTP/0.9"] = words;
  if (words.length < 2 || words.length > 3) return made.error(400, `Bad request syntax ('${line}')`);
  const number = /^HTTP\/(\d+)\.(\d+)$/.exec(protocol);
  if (words.length === 3 && !number) return made.error(400, `Bad request version ('${protocol}')`);
  if (number && Number(number[1]) >= 2) return made.error(505, `Invalid HTTP version (${protocol.slice(5)})`);
  if (words.length === 2 && method !== "GET") return made.error(400, `Bad HTTP/0.9 request type ('${method}')`);
  if (method !== "GET" && method !== "HEAD") return made.error(501, `Unsupported method ('${method}')`);
  const answer = serve(host, root, target, made, headers(head), as);
  const bare = words.length === 2 ? { ...answer, head: "" } : answer;
  return method === "HEAD" ? { ...bare, body: "" } : bare;
}

function headers(head: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of head.split(/\r?\n/).slice(1)) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.set(name.toLowerCase(), value!);
  }
  return found;
}

function serve(
  host: Host,
  root: string,
  target: string,
  made: Answer,
  given: ReadonlyMap<string, string>,
  as: Process,
): Response {
  const [raw = "", query] = target.split("?", 2);
  const path = unquoted(raw.split("#")[0]!);
  const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  let file = parts.reduce((at, part) => join(at, part), root);
  const stat = attempt(() => host.files.stat(file, as));
  if (stat instanceof Errno) return made.error(404, "File not found");
  if (stat.type === "dir") {
    if (!raw.endsWith("/"))
      return made.send(
        301,
        [
          ["Location", `${raw}/${query === undefined ? "" : `?${query}`}`],
          ["Content-Length", "0"],
        ],
        "",
      );
    const index = ["index.html", "index.htm"].map((name) => join(file, name)).find((name) => isFile(host, name, as));
    if (index === undefined) return listing(host, file, path, made, as);
    file = index;
  } else if (raw.endsWith("/")) return made.error(404, "File not found");
  const content = attempt(() => host.files.read(file, as));
  if (content instanceof Errno) return made.error(404, "File not found");
  const modified = host.files.stat(file, as).mtime;
  const since = given.get("if-modified-since");
  if (since !== undefined && given.get("if-none-match") === undefined && since === httpDate(modified))
    return made.send(304, [], "");
  return made.send(
    200,
    [
      ["Content-type", contentType(file)],
      ["Content-Length", String(content.length)],
      ["Last-Modified", httpDate(modified)],
    ],
    content,
  );
}

function isFile(host: Host, path: string, as: Process): boolean {
  const stat = attempt(() => host.files.stat(path, as));
  return !(stat instanceof Errno) && stat.type === "file";
}

/** list_directory: names in the order of their lower-case forms, directories and links marked. */
function listing(host: Host, directory: string, path: string, made: Answer, as: Process): Response {
  const names = attempt(() => host.files.list(directory, as));
  if (names instanceof Errno) return made.error(404, "No permission to list directory");
  const key = (name: string): string => name.toLowerCase();
  const items = [...names]
    .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
    .map((name) => {
      const full = join(directory, name);
      const kind = attempt(() => host.files.stat(full, as));
      const link = attempt(() => host.files.lstat(full, as));
      const isDirectory = !(kind instanceof Errno) && kind.type === "dir";
      const isLink = !(link instanceof Errno) && link.type === "link";
      const shown = isLink ? `${name}@` : isDirectory ? `${name}/` : name;
      return `<li><a href="${quoted(isDirectory ? `${name}/` : name)}">${escaped(shown)}</a></li>\n`;
    });
  const title = `Directory listing for ${escaped(path)}`;
  const body = encode(
    `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<hr>\n<ul>\n${items.join("")}</ul>\n<hr>\n</body>\n</html>\n`,
  );
  return made.send(
    200,
    [
      ["Content-type", "text/html; charset=utf-8"],
      ["Content-Length", String(body.length)],
    ],
    body,
  );
}

class Answer {
  readonly #line: string;
  readonly #now: Time;
  readonly #version: string;

  constructor(line: string, now: Time, version: string) {
    this.#line = line;
    this.#now = now;
    this.#version = version;
  }

  send(
    code: number,
    fields: readonly (readonly [string, string])[],
    body: Bytes,
    before: readonly string[] = [],
  ): Response {
    const all = [["Server", `SimpleHTTP/0.6 Python/${this.#version}`], ["Date", httpDate(this.#now)], ...fields];
    const head = `HTTP/1.0 ${code} ${before.length > 0 ? before[0] : EXPLAINED[code]![0]}\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
    const log = `"${this.#line}" ${code} -`;
    return { head: encode(head), body, log: before.length > 0 ? [`code ${code}, message ${before[0]}`, log] : [log] };
  }

  error(code: number, message: string): Response {
    const explain = EXPLAINED[code]![1];
    const body = encode(`<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: ${code}</p>
        <p>Message: ${escaped(message)}.</p>
        <p>Error code explanation: ${code} - ${explain}.</p>
    </body>
</html>
`);
    const fields = [
      ["Connection", "close"],
      ["Content-Type", "text/html;charset=utf-8"],
      ["Content-Length", String(body.length)],
    ] as const;
    const answer = this.send(code, fields, body, [message]);
    // Before a request of HTTP/0.9 or none at all nothing but the page is sent.
    return this.#line.includes("HTTP/") ? answer : { ...answer, head: "" };
  }
}

export function httpDate(time: Time): string {
  return strftime("%a, %d %b %Y %H:%M:%S GMT", time);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function quoted(name: string): string {
  return [...encode(name)]
    .map((char) =>
      /[\w.~/-]/.test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
}

function unquoted(path: string): string {
  return path.replaceAll(/%([\da-f]{2})/gi, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16)));
}
