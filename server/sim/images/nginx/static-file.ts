import { attempt, Errno, type Stat } from "../../host/index.ts";
import { SECOND } from "../../kernel/index.ts";
import { errnoText } from "./conf-source.ts";
import { setContentType } from "./content-type.ts";
import { renewReply, type Exchange } from "./exchange.ts";
import type { Decision } from "./rewrite.ts";
import { evaluate, requestFile } from "./variables.ts";

/** What a worker finds at a path. */
export function look({ connection }: Exchange, path: string): Stat | Errno {
  return attempt(() => connection.self.host.files.stat(path, connection.worker.caller));
}

/** Sends the file of the URI (ngx_http_static_handler). */
export function sendFile(exchange: Exchange): Decision {
  if (!["GET", "HEAD", "POST"].includes(exchange.method)) return { status: 405 };
  if (exchange.uri.endsWith("/")) return undefined;
  const path = requestFile(exchange);
  const stat = look(exchange, path);
  if (stat instanceof Errno) return openFailed(exchange, path, stat);
  if (stat.type === "dir") {
    const args = exchange.args === "" ? "" : `?${exchange.args}`;
    exchange.reply.location = `${escapeUri(exchange.uri)}/${args}`;
    return { status: 301 };
  }
  if (stat.type !== "file") {
    exchange.error(`"${path}" is not a regular file`, "crit");
    return { status: 404 };
  }
  if (exchange.method === "POST") return { status: 405 };
  const { self, worker } = exchange.connection;
  const data = attempt(() => self.host.files.read(path, worker.caller));
  if (data instanceof Errno) return openFailed(exchange, path, data);
  const mtime = Math.floor(stat.mtime / SECOND);
  renewReply(exchange, { body: data, length: data.length, lastModified: mtime, ranges: true });
  if (exchange.scope.flag("etag", true)) {
    exchange.reply.etag = `"${mtime.toString(16)}-${data.length.toString(16)}"`;
    exchange.reply.fields.push(["ETag", exchange.reply.etag]);
  }
  setContentType(exchange);
  return "sent";
}

function openFailed(exchange: Exchange, path: string, error: Errno): Decision {
  const missing = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(error.code);
  const forbidden = ["EACCES", "ELOOP"].includes(error.code);
  if (!missing || exchange.scope.flag("log_not_found", true))
    exchange.error(`open() "${path}" failed (${errnoText(error)})`, missing || forbidden ? "error" : "crit");
  return { status: missing ? 404 : forbidden ? 403 : 500 };
}

/** A URI that ends with a slash: the first index file that is there (ngx_http_index_handler). */
export function sendIndex(exchange: Exchange): Decision | { readonly redirect: string } {
  if (!exchange.uri.endsWith("/") || !["GET", "HEAD", "POST"].includes(exchange.method)) return undefined;
  const names = exchange.scope.find("index").flatMap(({ args }) => args);
  let tested = false;
  for (const word of names.length > 0 ? names : ["index.html"]) {
    const name = evaluate(exchange, exchange.scope.template(word));
    if (name.startsWith("/")) return { redirect: name };
    const directory = requestFile(exchange);
    const path = directory + name;
    const stat = look(exchange, path);
    if (!(stat instanceof Errno)) return { redirect: exchange.uri + name };
    if (["ENOTDIR", "ENAMETOOLONG", "EACCES"].includes(stat.code)) return indexFailed(exchange, path, stat);
    if (!tested) {
      const found = look(exchange, directory.replace(/\/$/, "") || "/");
      if (found instanceof Errno) return indexFailed(exchange, directory, found);
      tested = true;
    }
  }
  return undefined;
}

function indexFailed(exchange: Exchange, path: string, error: Errno): Decision {
  const forbidden = error.code === "EACCES";
  const words = forbidden ? "is forbidden" : "is not found";
  if (forbidden || exchange.scope.flag("log_not_found", true))
    exchange.error(`"${path}" ${words} (${errnoText(error)})`);
  return { status: forbidden ? 403 : 404 };
}

/** ngx_escape_uri(NGX_ESCAPE_URI) */
export function escapeUri(uri: string): string {
  return uri.replaceAll(
    /[\0-\x20"#%?\x7f-\xff]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
