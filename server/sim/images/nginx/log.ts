import { attempt, Errno, errnoNumber, type DaemonProcess } from "../../host/index.ts";
import { decode, encode, type Bytes } from "../../kernel/index.ts";
import type { NginxConfig } from "./config.ts";
import type { Exchange } from "./exchange.ts";
import { goDate } from "../go/log.ts";
import type { Scope } from "./scope.ts";
import { evaluate, variable } from "./variables.ts";

/** Where nginx writes if its configuration says nothing, as nginx.org's packages are built. */
export const ERROR_LOG = "/var/log/nginx/error.log";
const ACCESS_LOG = "/var/log/nginx/access.log";

const LEVELS = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"];

/** `2025/11/21 10:00:00 [error] 29#29: *1 …` to the logs that take this level. `pid` as it is in the container. */
export function errorLog(
  self: DaemonProcess,
  scope: Scope | undefined,
  level: string,
  pid: number,
  message: string,
): void {
  const line = `${goDate(self.kernel.now)} [${level}] ${pid}#${pid}: ${message}`;
  for (const { path, threshold } of errorLogs(scope))
    if (LEVELS.indexOf(level) <= LEVELS.indexOf(threshold)) writeLog(self, path, line);
}

export function errorLogs(scope: Scope | undefined): { path: string; threshold: string }[] {
  const nodes = scope?.find("error_log") ?? [];
  if (nodes.length === 0) return [{ path: ERROR_LOG, threshold: "error" }];
  return nodes.map(({ args }) => ({ path: args[0]!, threshold: args[1] ?? "error" }));
}

/** A line of the access log, for each `access_log` where the request ended. */
export function accessLog(exchange: Exchange): void {
  const { scope, config, connection } = exchange;
  const nodes = scope.find("access_log");
  for (const { args } of nodes.length > 0 ? nodes : [{ args: [ACCESS_LOG] }]) {
    const [target, ...rest] = args as [string, ...string[]];
    if (target === "off") return;
    const condition = rest.find((word) => word.startsWith("if="));
    if (condition !== undefined) {
      const value = evaluate(exchange, scope.template(condition.slice(3)));
      if (value === "" || value === "0") continue;
    }
    const name = rest[0] !== undefined && !rest[0].includes("=") ? rest[0] : "combined";
    writeLog(connection.self, evaluate(exchange, scope.template(target)), decode(formatLine(exchange, config, name)));
  }
}

function formatLine(exchange: Exchange, config: NginxConfig, name: string): Bytes {
  const { template, escape } = config.formats.get(name)!;
  let out = "";
  for (const part of template.parts) {
    if (typeof part === "string") out += part;
    else if ("capture" in part) out += exchange.captures[part.capture] ?? "-";
    else out += escapeValue(variable(exchange, part.variable), escape);
  }
  return out;
}

function escapeValue(value: Bytes | undefined, escape: "default" | "json" | "none"): Bytes {
  if (escape === "none") return value ?? "";
  if (escape === "json") return value === undefined ? "" : JSON.stringify(value).slice(1, -1);
  if (value === undefined || value === "") return value === undefined ? "-" : "";
  return value.replaceAll(
    /[\0-\x1f\x7f-\xff"\\]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** Appends a line to a log file; a link to /dev/stdout or /dev/stderr leads to the daemon's own output. */
export function writeLog(self: DaemonProcess, path: string, line: string): void {
  if (path === "stderr") return self.log(line);
  const stream = streamOf(self, path);
  if (stream) return self.log(line, stream);
  attempt(() => self.host.files.write(absolutePath(path), encode(`${line}\n`), { append: true }));
}

/** Opens (and makes) a log file; a string says why it cannot be. */
export function openLog(self: DaemonProcess, path: string): string | undefined {
  if (path === "stderr" || streamOf(self, path)) return undefined;
  const full = absolutePath(path);
  const opened = attempt(() => self.host.files.write(full, "", { append: true }, self));
  return opened instanceof Errno
    ? `open() "${full}" failed (${errnoNumber(opened.code)}: ${opened.message})`
    : undefined;
}

function streamOf(self: DaemonProcess, path: string): 1 | 2 | undefined {
  let here = absolutePath(path);
  for (let links = 0; links < 8; links++) {
    if (here === "/dev/stdout" || here === "/proc/self/fd/1") return 1;
    if (here === "/dev/stderr" || here === "/proc/self/fd/2") return 2;
    const target = attempt(() => self.host.files.readlink(here));
    if (target instanceof Errno) return undefined;
    here = target.startsWith("/") ? target : `${here.slice(0, here.lastIndexOf("/"))}/${target}`;
  }
  return undefined;
}

function absolutePath(path: string): string {
  return path.startsWith("/") ? path : `/etc/nginx/${path}`;
}
