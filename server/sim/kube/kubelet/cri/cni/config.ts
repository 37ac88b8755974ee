import { attempt, Errno, type Host } from "../../../../host/index.ts";
import { decode } from "../../../../kernel/index.ts";
import { isObject, parseJson, type JsonObject } from "../../../api/index.ts";

/** A network configuration list: which plugins make up a network. */
export interface NetworkConfig {
  readonly name: string;
  readonly cniVersion: string;
  /** Their configurations as they stand in the file. */
  readonly plugins: readonly JsonObject[];
}

const NOT_INITIALIZED = "cni plugin not initialized";

/**
 * Reads the first network configuration of a directory, by name (go-cni opts.go loadFromConfDir with one network). A
 * broken first file hides those behind it. The error is go-cni's.
 */
export function loadNetwork(host: Host, directory: string): NetworkConfig | { readonly error: string } {
  const failed = (why: string, kind: string): { readonly error: string } => ({
    error: `cni config load failed: ${why}: ${kind}: failed to load cni config`,
  });
  const names = attempt(() => host.files.list(directory));
  if (names instanceof Errno)
    return names.code === "ENOENT"
      ? failed(`no network config found in ${directory}`, NOT_INITIALIZED)
      : failed(
          `failed to read config file: open ${directory}: ${names.message.toLowerCase()}`,
          "failed to read config file",
        );
  const [first] = names
    .filter((name) => /\.(conf|conflist|json)$/.test(name) && isFile(host, `${directory}/${name}`))
    .sort();
  if (first === undefined) return failed(`no network config found in ${directory}`, NOT_INITIALIZED);
  const path = `${directory}/${first}`;
  const text = decode(host.files.read(path));
  if (first.endsWith(".conflist")) {
    const list = parseList(text);
    return typeof list === "string"
      ? failed(`failed to load CNI config list file ${path}: ${list}`, "invalid cni config")
      : list;
  }
  const plugin = parsePlugin(text);
  return typeof plugin === "string"
    ? failed(`failed to load CNI config file ${path}: ${plugin}`, "invalid cni config")
    : { name: asText(plugin["name"]), cniVersion: asText(plugin["cniVersion"]), plugins: [plugin] };
}

/** libcni conf.go ConfListFromBytes. */
function parseList(text: string): NetworkConfig | string {
  const parsed = parseJson(text);
  if (!parsed.ok) return `error parsing configuration list: ${parsed.error}`;
  const list = isObject(parsed.value) ? parsed.value : {};
  const wrong = (why: string): string => `error parsing configuration list: ${why}`;
  const { name, cniVersion, plugins } = list;
  if (name === undefined) return wrong("no name");
  if (typeof name !== "string") return wrong(`invalid name type ${goType(name)}`);
  if (cniVersion !== undefined && typeof cniVersion !== "string")
    return wrong(`invalid cniVersion type ${goType(cniVersion)}`);
  if (plugins === undefined) return wrong("no 'plugins' key");
  if (!Array.isArray(plugins)) return wrong(`invalid 'plugins' type ${goType(plugins)}`);
  if (plugins.length === 0) return wrong("no plugins in list");
  const configs: JsonObject[] = [];
  for (const [index, plugin] of plugins.entries()) {
    const type = isObject(plugin) ? plugin["type"] : undefined;
    if (!isObject(plugin) || typeof type !== "string" || type === "")
      return `failed to parse plugin config ${index}: error parsing configuration: missing 'type'`;
    configs.push(plugin);
  }
  return { name, cniVersion: cniVersion ?? "", plugins: configs };
}

/** ConfFromBytes: one plugin as a network. */
function parsePlugin(text: string): JsonObject | string {
  const parsed = parseJson(text);
  if (!parsed.ok) return `error parsing configuration: ${parsed.error}`;
  const type = isObject(parsed.value) ? parsed.value["type"] : undefined;
  if (!isObject(parsed.value) || typeof type !== "string" || type === "")
    return "error parsing configuration: missing 'type'";
  return parsed.value;
}

function isFile(host: Host, path: string): boolean {
  const stat = attempt(() => host.files.lstat(path));
  return !(stat instanceof Errno) && stat.type !== "dir";
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** What `%T` prints of a decoded JSON value. */
function goType(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (value === null) return "<nil>";
  return typeof value === "object"
    ? "map[string]interface {}"
    : typeof value === "number"
      ? "float64"
      : typeof value === "boolean"
        ? "bool"
        : "string";
}
