import { attempt, Errno, type Process } from "../../../../sim/host/index.ts";
import { encode, type Bytes } from "../../../../sim/kernel/index.ts";
import { joinPaths } from "../cp/go-path.ts";
import { goError, httpDate, type GoAnswer } from "../../../../sim/images/index.ts";

const TYPES: Readonly<Record<string, string>> = {
  avif: "image/avif",
  css: "text/css; charset=utf-8",
  gif: "image/gif",
  htm: "text/html; charset=utf-8",
  html: "text/html; charset=utf-8",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript; charset=utf-8",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
  webp: "image/webp",
  xml: "text/xml; charset=utf-8",
};

/** Go's http.FileServer: files of a folder, its index.html, or a list of what is in it. `path` begins with a slash. */
export function staticFile(process: Process, folder: string, path: string): GoAnswer {
  const place = joinPaths(folder, joinPaths("/", path));
  const { files } = process.host;
  if (path.endsWith("/index.html")) return redirect("./");
  const stat = attempt(() => files.stat(place, process));
  if (stat instanceof Errno) return goError(404, "404 page not found");
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (stat.type === "dir" && name !== "") return redirect(`${name}/`);
  if (stat.type !== "dir" && name === "") return redirect(`../${place.slice(place.lastIndexOf("/") + 1)}`);
  const index = joinPaths(place, "index.html");
  const isIndex = stat.type === "dir" && files.exists(index, process);
  if (stat.type === "dir" && !isIndex) return listing(process, place, stat.mtime);
  const data = attempt(() => files.read(isIndex ? index : place, process));
  if (data instanceof Errno) return goError(404, "404 page not found");
  return {
    headers: [
      ["Accept-Ranges", "bytes"],
      ["Content-Length", String(data.length)],
      ["Content-Type", typeOf(isIndex ? "index.html" : name, data)],
      ["Last-Modified", httpDate(stat.mtime)],
    ],
    body: data,
  };
}

function listing(process: Process, folder: string, changed: number): GoAnswer {
  const { files } = process.host;
  const lines = files
    .list(folder, process)
    .sort()
    .map((name) => (files.lstat(joinPaths(folder, name), process).type === "dir" ? `${name}/` : name))
    .map((name) => `<a href="${encodeURI(name)}">${escaped(name)}</a>\n`);
  const body = `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${lines.join("")}</pre>\n`;
  return {
    headers: [
      ["Content-Type", "text/html; charset=utf-8"],
      ["Last-Modified", httpDate(changed)],
    ],
    body: encode(body),
  };
}

function redirect(location: string): GoAnswer {
  return { status: 301, headers: [["Location", location]] };
}

/** By the name, else whether it looks like text (http.DetectContentType). */
function typeOf(name: string, data: Bytes): string {
  const known = TYPES[/\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? ""];
  if (known !== undefined) return known;
  const start = data.slice(0, 512);
  if (/^\s*<(!doctype html|html|head|script|body|h1|div|p|a|table|title|br)[\s>]/i.test(start))
    return "text/html; charset=utf-8";
  return /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(start) ? "application/octet-stream" : "text/plain; charset=utf-8";
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&#34;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (char) => entities[char]!);
}
