import { Errno, type Process } from "../../../sim/host/index.ts";
import { decode } from "../../../sim/kernel/index.ts";
import { isFailure, type Failure } from "../output/failure.ts";
import { readYaml } from "../yaml/read.ts";
import { checkConfig } from "./config-schema.ts";

/** A cluster, user or context as it stands in a file, in the form of v1 (`certificate-authority-data`). */
export type Entry = Readonly<Record<string, unknown>>;

/** An entry with the file that it comes from. */
export interface Located {
  readonly value: Entry;
  readonly file: string;
}

/** A kubeconfig, or several merged into one. */
export interface KubeConfig {
  readonly clusters: ReadonlyMap<string, Located>;
  readonly users: ReadonlyMap<string, Located>;
  readonly contexts: ReadonlyMap<string, Located>;
  readonly currentContext: string;
  readonly preferences: Entry;
  readonly extensions: readonly unknown[];
}

export const EMPTY: KubeConfig = {
  clusters: new Map(),
  users: new Map(),
  contexts: new Map(),
  currentContext: "",
  preferences: {},
  extensions: [],
};

/** Where the configuration comes from: one file that must be there, or those of KUBECONFIG, or ~/.kube/config. */
export interface Sources {
  readonly files: readonly string[];
  readonly explicit: boolean;
}

/** client-go tools/clientcmd/loader.go ClientConfigLoadingRules */
export function sources(process: Process, kubeconfig: string): Sources {
  if (kubeconfig !== "") return { files: [kubeconfig], explicit: true };
  const variable = process.env["KUBECONFIG"] ?? "";
  const listed = [...new Set(variable.split(":").filter((file) => file !== ""))];
  if (variable !== "" && listed.length > 0) return { files: listed, explicit: false };
  return { files: [defaultFile(process)], explicit: false };
}

export function defaultFile(process: Process): string {
  return `${process.env["HOME"] ?? ""}/.kube/config`;
}

/** Reads and merges: of what several files name alike, the first one's counts. */
export function loadConfig(process: Process, { files, explicit }: Sources): KubeConfig | Failure {
  if (explicit && !process.host.files.exists(files[0]!, process))
    return { error: `stat ${files[0]!}: no such file or directory` };
  const errors: string[] = [];
  const loaded: KubeConfig[] = [];
  for (const file of files) {
    const config = readConfig(process, file);
    if (config === undefined) continue;
    if (isFailure(config)) errors.push(`error loading config file "${file}": ${config.error}`);
    else loaded.push(config);
  }
  if (errors.length > 0) return { error: errors.length === 1 ? errors[0]! : `[${errors.join(", ")}]` };
  return {
    clusters: merged(loaded.map(({ clusters }) => clusters)),
    users: merged(loaded.map(({ users }) => users)),
    contexts: merged(loaded.map(({ contexts }) => contexts)),
    currentContext: loaded.find(({ currentContext }) => currentContext !== "")?.currentContext ?? "",
    preferences: Object.assign({}, ...loaded.map(({ preferences }) => preferences)) as Entry,
    extensions: loaded.flatMap(({ extensions }) => extensions),
  };
}

/** One file's content; undefined if it is not there. */
export function readConfig(process: Process, file: string): KubeConfig | undefined | Failure {
  let text: string;
  try {
    text = decode(process.host.files.read(file, process));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "ENOENT") return undefined;
    // Nothing but /dev/null reads as nothing.
    if (file === "/dev/null") return parsed("", file);
    // A folder can be opened.
    const doing = error.code === "EISDIR" ? "read" : "open";
    return { error: `${doing} ${file}: ${error.message.toLowerCase()}` };
  }
  return parsed(text, file);
}

/** Most calls read the same file: what was read of a text is kept. */
const remembered = new Map<string, KubeConfig | Failure>();
const MOST_REMEMBERED = 64;

function parsed(text: string, file: string): KubeConfig | Failure {
  const key = `${file}\0${text}`;
  let config = remembered.get(key);
  if (!config) {
    config = parse(text, file);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(key, config);
  }
  return config;
}

function parse(text: string, file: string): KubeConfig | Failure {
  const document = readYaml(text);
  if (isFailure(document)) return document;
  const failure = checkConfig(document.value);
  if (failure) return failure;
  const config = (document.value ?? {}) as Record<string, unknown>;
  return {
    clusters: named(config["clusters"], "cluster", file),
    users: named(config["users"], "user", file),
    contexts: named(config["contexts"], "context", file),
    currentContext: (config["current-context"] as string | undefined) ?? "",
    preferences: (config["preferences"] ?? {}) as Entry,
    extensions: (config["extensions"] ?? []) as unknown[],
  };
}

function named(list: unknown, field: string, file: string): Map<string, Located> {
  const entries = new Map<string, Located>();
  for (const item of (list ?? []) as readonly Record<string, unknown>[]) {
    const name = (item["name"] as string | undefined) ?? "";
    // Of two alike in one file the first counts, too.
    if (!entries.has(name)) entries.set(name, { value: (item[field] ?? {}) as Entry, file });
  }
  return entries;
}

function merged(maps: readonly ReadonlyMap<string, Located>[]): Map<string, Located> {
  const all = new Map<string, Located>();
  for (const map of maps) for (const [name, entry] of map) if (!all.has(name)) all.set(name, entry);
  return all;
}
