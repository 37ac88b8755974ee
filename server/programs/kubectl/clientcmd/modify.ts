import { attempt, dirname, Errno, isAbsolute, join, type Process } from "../../../sim/host/index.ts";
import { encode } from "../../../sim/kernel/index.ts";
import { sameJson, type JsonObject } from "../../../sim/kube/api/index.ts";
import { GoError } from "../errors/go-error.ts";
import { isFailure, toYaml, type Json } from "../output/index.ts";
import { defaultFile, EMPTY, readConfig, sources, type Entry, type KubeConfig } from "./kubeconfig.ts";

export type Section = "clusters" | "users" | "contexts";

/** What a kubeconfig's lists are called, and their entries. */
const FIELDS: Readonly<Record<Section, string>> = { clusters: "cluster", users: "user", contexts: "context" };

/** The file that is written where no entry says another (client-go tools/clientcmd GetDefaultFilename). */
export function defaultFilename(process: Process, kubeconfig: string): string {
  const { files, explicit } = sources(process, kubeconfig);
  if (explicit) return files[0]!;
  if (files.length === 1) return files[0]!;
  const there = files.find((file) => process.host.files.exists(file, process));
  return there ?? files.at(-1) ?? defaultFile(process);
}

/** Changes one file: what is not there yet is made. */
export function changeFile(process: Process, file: string, change: (config: KubeConfig) => KubeConfig): void {
  const read = readConfig(process, file);
  if (isFailure(read)) throw new GoError(`error loading config file "${file}": ${read.error}`);
  const changed = change(read ?? EMPTY);
  // What stays as it is is not written again.
  if (read && sameJson(configObject(read) as JsonObject, configObject(changed) as JsonObject)) return;
  writeConfig(process, file, changed);
}

/** A config with an entry set, or taken out. */
export function withEntry(config: KubeConfig, section: Section, name: string, value: Entry | undefined): KubeConfig {
  const entries = new Map(config[section]);
  if (value === undefined) entries.delete(name);
  else entries.set(name, { value, file: entries.get(name)?.file ?? "" });
  return { ...config, [section]: entries };
}

/** The file as clientcmd writes it: entries by name, fields by theirs. */
export function configObject(
  config: KubeConfig,
  shown: (section: Section, value: Entry) => Entry = (_, value) => value,
): Json {
  const list = (section: Section): Json => {
    const names = [...config[section].keys()].sort();
    if (names.length === 0) return null;
    return names.map((name) => ({
      [FIELDS[section]]: shown(section, config[section].get(name)!.value),
      name,
    })) as unknown as Json;
  };
  return {
    apiVersion: "v1",
    clusters: list("clusters"),
    contexts: list("contexts"),
    "current-context": config.currentContext,
    ...(config.extensions.length > 0 ? { extensions: config.extensions as Json[] } : {}),
    kind: "Config",
    preferences: config.preferences as Json,
    users: list("users"),
  };
}

function writeConfig(process: Process, file: string, config: KubeConfig): void {
  const yaml = toYaml(configObject(config));
  if (isFailure(yaml)) throw new GoError(yaml.error);
  const { files } = process.host;
  const path = isAbsolute(file) ? file : join(process.cwd, file);
  const written = attempt(() => {
    if (!files.exists(dirname(path), process)) files.mkdir(dirname(path), { parents: true }, process);
    const mode = files.exists(path, process) ? {} : { mode: 0o600 };
    files.write(path, encode(yaml), mode, process);
  });
  if (written instanceof Errno) throw new GoError(`open ${file}: ${written.message.toLowerCase()}`);
}
