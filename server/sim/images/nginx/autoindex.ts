import { attempt, Errno } from "../../host/index.ts";
import { calendar, MONTHS, pad, type Time } from "../../kernel/index.ts";
import { errnoText } from "./conf-source.ts";
import { renewReply, type Exchange } from "./exchange.ts";
import type { Decision } from "./rewrite.ts";
import { escapeUri } from "./static-file.ts";
import { requestFile } from "./variables.ts";

/** Names longer than this are cut. */
const WIDTH = 50;

/** A directory as a page (ngx_http_autoindex_module.c, format html). */
export function sendDirectory(exchange: Exchange): Decision {
  if (!exchange.uri.endsWith("/") || !["GET", "HEAD"].includes(exchange.method)) return undefined;
  if (!exchange.scope.flag("autoindex", false)) return undefined;
  const path = requestFile(exchange);
  const directory = path.replace(/\/$/, "") || "/";
  const { self, worker } = exchange.connection;
  const names = attempt(() => self.host.files.list(directory, worker.caller));
  if (names instanceof Errno) {
    exchange.error(`opendir() "${path}" failed (${errnoText(names)})`);
    return { status: names.code === "EACCES" ? 403 : 404 };
  }
  const entries = names
    .filter((name) => !name.startsWith("."))
    .flatMap((name) => {
      const stat = attempt(() => self.host.files.stat(`${directory}/${name}`, worker.caller));
      return stat instanceof Errno
        ? []
        : [{ name, isDirectory: stat.type === "dir", mtime: stat.mtime, size: stat.size }];
    })
    .sort((a, b) => Number(b.isDirectory) - Number(a.isDirectory) || (a.name < b.name ? -1 : 1));
  const title = `Index of ${escapeHtml(exchange.uri)}`;
  const lines = entries.map(({ name, isDirectory, mtime, size }) => {
    const label = name + (isDirectory ? "/" : "");
    const cut = label.length > WIDTH ? `${name.slice(0, WIDTH - 3)}..&gt;` : escapeHtml(label);
    const padding = " ".repeat(Math.max(0, WIDTH - label.length));
    const right = isDirectory ? "-".padStart(19) : String(size).padStart(19);
    return `<a href="${escapeUri(name)}${isDirectory ? "/" : ""}">${cut}</a>${padding} ${date(mtime)} ${right}\r\n`;
  });
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1><hr><pre><a href="../">../</a>\r\n${lines.join("")}</pre><hr></body>\r\n</html>\r\n`;
  renewReply(exchange, { contentType: "text/html", body });
  return "sent";
}

function date(time: Time): string {
  const { year, month, day, hour, minute } = calendar(time);
  return `${pad(day, 2)}-${MONTHS[month - 1]!.slice(0, 3)}-${year} ${pad(hour, 2)}:${pad(minute, 2)}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
