import { availableParallelism, homedir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

const URL_NEEDED = "the address at which browsers reach it is needed, without a path: https://lab.example";
const Url = z.string().refine((text) => URL.canParse(text) && isOrigin(new URL(text)), URL_NEEDED);
const PORT = "a port is a number from 0 to 65535; 0 is any that is free";
const Port = z.coerce.number(PORT).int(PORT).min(0, PORT).max(65_535, PORT);
const WORKERS = "a number of workers from 1 to 64 is needed";
const IDLE = "a number of minutes from 1 to 10080 (a week) is needed";
const SESSIONS = "a number of clusters from 1 to 100000 is needed";
/** A cluster takes a few megabytes: half of the machine's memory is for them, if nothing else is said. */
const SESSION_BYTES = 8 * 1024 * 1024;
const LEAST_SESSIONS = 50;
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
const Folder = z
  .string()
  .min(1, "a folder is needed")
  .transform((path) => resolve(path));

function isOrigin({ protocol, pathname, search, hash, username }: URL): boolean {
  return /^https?:$/.test(protocol) && pathname === "/" && search + hash + username === "";
}

/** How the server runs. */
export const Config = z.strictObject({
  /** Other hosts than loopback need accounts: the app looks at that. */
  host: z.string().min(1, "a host is needed"),
  /** 0: any that is free. */
  port: Port,
  /** Where browsers reach it from elsewhere; its name is answered to besides those of loopback. */
  url: Url.optional(),
  /** Whether one proxy stands before it, whose X-Forwarded-For and X-Forwarded-Proto are true. */
  trustProxy: z.enum(["on", "off"], "on or off is needed").transform((value) => value === "on"),
  /** Folder of the database, and of booted worlds for the next start. */
  data: Folder,
  /** Worker threads that sessions live in. */
  workers: z.coerce.number(WORKERS).int(WORKERS).min(1, WORKERS).max(64, WORKERS),
  /** After how many minutes without anybody an attempt leaves the memory; it comes back when somebody needs it. */
  idleMinutes: z.coerce.number(IDLE).min(1, IDLE).max(10_080, IDLE),
  /** How many clusters are in memory at most. */
  sessions: z.coerce.number(SESSIONS).int(SESSIONS).min(1, SESSIONS).max(100_000, SESSIONS),
  /** Least level of log lines that are written, as JSON to stderr. */
  log: z.enum(LEVELS, `a level is one of ${LEVELS.join(", ")}`),
  /** Folder of labs and exams instead of those that come with Drydock. */
  labs: Folder.optional(),
  /** Folder of labs that are written in the page; they are listed beside the others. Without it nothing can be saved. */
  authoring: Folder.optional(),
  /** Whether learners reach the clusters of their labs with programs of their own, over HTTP on the same port. */
  kubernetesApi: z.enum(["on", "off"], "on or off is needed").transform((value) => value === "on"),
});
export type Config = z.infer<typeof Config>;

/** A setting is not what it may be; `message` says which, why, and what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Environment variables by setting. */
const VARIABLES = {
  host: "DRYDOCK_HOST",
  port: "DRYDOCK_PORT",
  url: "DRYDOCK_URL",
  trustProxy: "DRYDOCK_TRUST_PROXY",
  data: "DRYDOCK_DATA",
  workers: "DRYDOCK_WORKERS",
  idleMinutes: "DRYDOCK_IDLE_MINUTES",
  sessions: "DRYDOCK_SESSIONS",
  log: "DRYDOCK_LOG",
  labs: "DRYDOCK_LABS",
  authoring: "DRYDOCK_AUTHORING",
  kubernetesApi: "DRYDOCK_KUBERNETES_API",
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings: options of the command line (by name of the setting) before environment before defaults. Throws
 * ConfigError.
 */
export function readConfig(environment: Environment, options: Partial<Record<keyof Config, string>> = {}): Config {
  const settings: Record<string, unknown> = { ...defaults(environment) };
  const from: Record<string, string> = {};
  for (const [setting, variable] of Object.entries(VARIABLES)) {
    const option = options[setting as keyof Config];
    const value = option ?? (environment[variable] === "" ? undefined : environment[variable]);
    if (value === undefined) continue;
    settings[setting] = value;
    from[setting] = option === undefined ? `${variable}=${value}` : `--${setting} ${value}`;
  }
  const read = Config.safeParse(settings);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  const setting = String(path[0]);
  throw new ConfigError(`${from[setting] ?? setting}: ${message}`);
}

function defaults(environment: Environment): Record<keyof Omit<Config, "labs" | "url" | "authoring">, unknown> {
  return {
    host: "127.0.0.1",
    port: 8080,
    trustProxy: "off",
    data: join(environment["XDG_DATA_HOME"] || join(homedir(), ".local/share"), "drydock"),
    workers: Math.min(availableParallelism(), 8),
    idleMinutes: 30,
    sessions: Math.max(LEAST_SESSIONS, Math.floor(totalmem() / 2 / SESSION_BYTES)),
    log: "info",
    kubernetesApi: "on",
  };
}
