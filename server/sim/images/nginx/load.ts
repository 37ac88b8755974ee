import { attempt, Errno, errnoNumber, programVersion, type DaemonProcess } from "../../host/index.ts";
import { decode } from "../../kernel/index.ts";
import { goDate } from "../go/log.ts";
import { buildOf } from "./build.ts";
import type { NginxOptions } from "./command-line.ts";
import { ConfError, NotSimulated } from "./conf-error.ts";
import { knownSource, recordSource, rememberSource, type ConfSource } from "./conf-source.ts";
import { loadConfig, type NginxConfig } from "./config.ts";
import { configOf } from "./running.ts";
import { ERROR_LOG, errorLogs, openLog, writeLog } from "./log.ts";

export interface Loaded {
  readonly config: NginxConfig;
  readonly source: ConfSource;
}

/** How nginx says something before it runs: in its log, and on standard error (ngx_use_stderr). */
export type Say = (level: string, message: string) => void;

export function sayer(self: DaemonProcess, options: Pick<NginxOptions, "errorLog">): Say {
  const pid = self.host.pidOf(self.row);
  const path = options.errorLog || ERROR_LOG;
  return (level, message) => {
    writeLog(self, path, `${goDate(self.kernel.now)} [${level}] ${pid}#${pid}: ${message}`);
    if (path !== "stderr") self.log(`nginx: [${level}] ${message}`);
  };
}

/** Reads the configuration; an exit code if that failed, and then it was said why. */
export function load(
  self: DaemonProcess,
  options: Pick<NginxOptions, "path" | "prefix" | "global">,
  say: Say,
): Loaded | number {
  const { path, prefix, global } = options;
  const start = { path, prefix, global, version: programVersion(self) };
  const known = knownSource(self, start);
  if (known) return { config: configOf(known), source: known };
  const { world, source } = recordSource(self, start);
  try {
    let warned = false;
    const warn = (message: string): void => {
      warned = true;
      say("warn", decode(message));
    };
    const loaded = { config: loadConfig(world, start, { isRoot: self.uid === 0, warn }), source: source() };
    if (!warned) rememberSource(self, loaded.source);
    return loaded;
  } catch (error) {
    if (error instanceof ConfError) {
      say("emerg", decode(error.message));
      return 1;
    }
    if (!(error instanceof NotSimulated)) throw error;
    self.log(decode(`drydock: nginx: ${error.message} is not simulated`));
    return 64;
  }
}

/** Loads the configuration; if it cannot, the process is over. */
export function loadFor(self: DaemonProcess, options: NginxOptions): Loaded | undefined {
  openErrorLog(self, options);
  const loaded = load(self, options, sayer(self, options));
  if (typeof loaded !== "number") return loaded;
  self.exit(loaded);
  return undefined;
}

/** `nginx -t`, `nginx -T` */
export function testConfig(self: DaemonProcess, options: NginxOptions): void {
  const say = sayer(self, options);
  openErrorLog(self, options);
  const loaded = load(self, options, say);
  const failed = typeof loaded === "number";
  if (!failed && !options.quiet) self.log(`nginx: the configuration file ${options.path} syntax is ok`);
  const problem = failed ? undefined : prepare(self, loaded.config);
  if (problem !== undefined) say("emerg", problem);
  if (failed || problem !== undefined) {
    self.log(`nginx: configuration file ${options.path} test failed`);
    return self.exit(loaded === 64 ? 64 : 1);
  }
  if (!options.quiet) self.log(`nginx: configuration file ${options.path} test is successful`);
  if (options.test === "dump")
    for (const [path, file] of Object.entries(loaded.source.files))
      if ("text" in file) self.log(decode(`# configuration file ${path}:\n${file.text}`), 1);
  self.exit(0);
}

function openErrorLog(self: DaemonProcess, options: NginxOptions): void {
  const failed = openLog(self, options.errorLog || ERROR_LOG);
  if (failed !== undefined) self.log(`nginx: [alert] could not open error log file: ${failed}`);
}

/** Directories by the directives that name them. */
const TEMPORARY: readonly (readonly [directive: string, name: string])[] = [
  ["client_body_temp_path", "client_temp"],
  ["proxy_temp_path", "proxy_temp"],
  ["fastcgi_temp_path", "fastcgi_temp"],
  ["uwsgi_temp_path", "uwsgi_temp"],
  ["scgi_temp_path", "scgi_temp"],
];

/** As nginx.org's packages are built; ingress-nginx builds for /tmp/nginx. */
function defaultTemporary(self: DaemonProcess, name: string): string {
  return buildOf(programVersion(self)).modules.has("lua") ? `/tmp/nginx/${name}` : `/var/cache/nginx/${name}`;
}

/** What ngx_init_cycle does between reading and listening; a string says why it failed. */
export function prepare(self: DaemonProcess, config: NginxConfig): string | undefined {
  if (config.main.own("events").length === 0) return 'no "events" section in configuration';
  const { uid } = workerUser(self, config);
  for (const [directive, name] of config.http ? TEMPORARY : []) {
    const path = config.http!.word(directive) ?? defaultTemporary(self, name);
    if (self.host.files.exists(path, self)) continue;
    const made = attempt(() => self.host.files.mkdir(path, { mode: 0o700 }, self));
    if (made instanceof Errno) return `mkdir() "${path}" failed (${errnoNumber(made.code)}: ${made.message})`;
    if (self.uid !== 0) continue;
    const changed = attempt(() => self.host.files.chown(path, uid, 0, self));
    if (changed instanceof Errno)
      return `chown("${path}", ${uid}) failed (${errnoNumber(changed.code)}: ${changed.message})`;
  }
  const logs = errorLogs(config.main).map(({ path }) => path);
  const access = (config.http?.own("access_log") ?? []).map(({ args }) => args[0]!);
  for (const path of new Set([...logs, ...access])) {
    const failed = path === "off" || path.includes("$") ? undefined : openLog(self, path);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

/** Who the workers run as: `user`, which counts only for a master that is root. */
export function workerUser(self: DaemonProcess, config: NginxConfig): { uid: number; gid: number } {
  if (self.uid !== 0) return { uid: self.uid, gid: self.gid };
  const [name = "nginx", group] = config.main.own("user")[0]?.args ?? [];
  const user = self.host.users.byName(name);
  const gid = self.host.users.groups().find((other) => other.name === group)?.gid;
  return user ? { uid: user.uid, gid: gid ?? user.gid } : { uid: 65_534, gid: 65_534 };
}
