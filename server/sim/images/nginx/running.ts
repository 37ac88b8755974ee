import type { Caller, DaemonProcess } from "../../host/index.ts";
import { loadConfig, type NginxConfig } from "./config.ts";
import { replaySource, type ConfSource } from "./conf-source.ts";

/** A worker's pid on the machine, and in its container. */
export interface WorkerNumber {
  readonly pid: number;
  readonly number: number;
}

/** What a master process is: plain data in its row. Its workers have none. */
export interface MasterData {
  readonly source: ConfSource;
  readonly workers: readonly WorkerNumber[];
  /** Ids of its listening sockets, by `0.0.0.0:80`. */
  readonly sockets: Readonly<Record<string, number>>;
  /** What Lua files keep in `lua_shared_dict`s: by `dict/key`. It outlives reloads. */
  readonly shared?: Readonly<Record<string, string>>;
  /** Who the workers are. */
  readonly user: { readonly uid: number; readonly gid: number };
}

/** A master with its configuration made ready. */
export interface Running {
  readonly config: NginxConfig;
  readonly workers: readonly { readonly pid: number; readonly caller: Caller }[];
}

/** Undefined if the process is not a master that serves. */
export function running(self: DaemonProcess): Running | undefined {
  const data = masterData(self);
  if (!data) return undefined;
  const caller: Caller = { ...data.user, groups: [data.user.gid], cwd: "/", umask: 0o022 };
  return { config: configOf(data.source), workers: data.workers.map(({ number }) => ({ pid: number, caller })) };
}

export function masterData(self: DaemonProcess): MasterData | undefined {
  const data = self.row.data as MasterData | undefined;
  return data?.source ? data : undefined;
}

/** Configurations are the same for all containers that read the same: they are made once. */
const made = new WeakMap<ConfSource, NginxConfig>();
const byText = new Map<string, NginxConfig>();
const KEPT = 64;

export function configOf(source: ConfSource): NginxConfig {
  const known = made.get(source);
  if (known) return known;
  const key = JSON.stringify(source);
  let config = byText.get(key);
  if (!config) {
    config = loadConfig(replaySource(source), source, { isRoot: true, warn: () => {} });
    if (byText.size >= KEPT) byText.delete(byText.keys().next().value!);
    byText.set(key, config);
  }
  made.set(source, config);
  return config;
}
