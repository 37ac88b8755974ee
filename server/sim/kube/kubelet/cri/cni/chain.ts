import {
  attempt,
  Errno,
  FdTable,
  MemoryInput,
  MemoryOutput,
  signalDescription,
  spawn,
  type ExitStatus,
  type Host,
} from "../../../../host/index.ts";
import { decode, encode } from "../../../../kernel/index.ts";
import { sortedJson, type JsonObject, type JsonValue } from "../../../api/index.ts";
import type { NetworkConfig } from "./config.ts";
import { pluginError, readResult } from "./result.ts";

/** A network of a Pod, and the name of its interface inside. */
export interface PodNetwork {
  readonly config: NetworkConfig;
  readonly interfaceName: string;
}

/** What containerd adds as the first network of every Pod (go-cni WithLoNetwork). */
export const LOOPBACK: PodNetwork = {
  config: { name: "cni-loopback", cniVersion: "0.3.1", plugins: [{ type: "loopback" }] },
  interfaceName: "lo",
};

/** A run of plugins under way: ADD goes through networks and plugins forward, DEL backward. Plain data. */
export interface Chain {
  readonly command: "ADD" | "DEL";
  readonly containerId: string;
  /** `/var/run/netns/cni-…`; empty if the namespace is gone. */
  readonly netns: string;
  /** `IgnoreUnknown=1;K8S_POD_NAMESPACE=default;…` */
  readonly args: string;
  readonly binDirs: readonly string[];
  /** By capability: `portMappings`. */
  readonly capabilities: JsonObject;
  readonly networks: readonly PodNetwork[];
  readonly network: number;
  readonly plugin: number;
  readonly result: JsonObject | null;
  /** The process of the current plugin. */
  readonly pid?: number;
}

/** Where plugins run: containerd's process, and who hears of their end. */
export interface PluginParent {
  readonly host: Host;
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
  readonly onExit: { readonly kind: string; readonly args: object };
}

/** What a plugin writes. Held by whoever waits for it; lost with a restore. */
export interface PluginOutput {
  readonly stdout: MemoryOutput;
  readonly stderr: MemoryOutput;
}

/** How a chain goes on: it waits for a process, it is through, or it failed. */
export type Progress =
  | { readonly waiting: Chain; readonly output: PluginOutput }
  | { readonly done: Chain }
  | { readonly error: string };

const OUTPUT_LIMIT = 1_048_576;
/** Where libcni keeps results for DEL (libcni.CacheDir). */
const CACHE = "/var/lib/cni/results";

export function beginChain(
  chain: Pick<Chain, "command" | "containerId" | "netns" | "args" | "binDirs" | "capabilities" | "networks">,
): Chain {
  const backward = chain.command === "DEL";
  const network = backward ? chain.networks.length - 1 : 0;
  const plugin = backward ? chain.networks[network]!.config.plugins.length - 1 : 0;
  return { ...chain, network, plugin, result: null };
}

/** Runs the plugin that is due. */
export function runPlugin(parent: PluginParent, chain: Chain): Progress {
  const { host } = parent;
  const { config, interfaceName } = chain.networks[chain.network]!;
  const plugin = config.plugins[chain.plugin]!;
  const type = plugin["type"] as string;
  const path = findPlugin(host, type, chain.binDirs);
  if (typeof path !== "string") return failed(chain, path.error);
  const output = { stdout: new MemoryOutput(OUTPUT_LIMIT), stderr: new MemoryOutput(OUTPUT_LIMIT) };
  const pid = attempt(() =>
    spawn(host, {
      path,
      argv: [path],
      cwd: "/",
      as: { uid: 0, gid: 0, groups: [0] },
      ppid: parent.pid,
      env: {
        ...parent.env,
        CNI_COMMAND: chain.command,
        CNI_CONTAINERID: chain.containerId,
        CNI_NETNS: chain.netns,
        CNI_ARGS: chain.args,
        CNI_IFNAME: interfaceName,
        CNI_PATH: chain.binDirs.join(":"),
      },
      fds: new FdTable([
        [0, new MemoryInput(encode(stdinOf(host, chain, config, plugin)))],
        [1, output.stdout],
        [2, output.stderr],
      ]),
      onExit: parent.onExit,
    }),
  );
  if (pid instanceof Errno) {
    const why = pid.code === "ENOENT" ? "no such file or directory" : pid.message.toLowerCase();
    return failed(chain, pluginError("", "", `fork/exec ${path}: ${why}`));
  }
  return { waiting: { ...chain, pid }, output };
}

/** The plugin has ended: goes on with the next one. */
export function pluginEnded(parent: PluginParent, chain: Chain, output: PluginOutput, status: ExitStatus): Progress {
  const { config } = chain.networks[chain.network]!;
  const stdout = decode(output.stdout.take());
  if (!("code" in status) || status.code !== 0)
    return failed(chain, pluginError(stdout, decode(output.stderr.take()), describe(status)));
  if (chain.command === "DEL") return next(parent, chain, null);
  const result = readResult(stdout, config.cniVersion);
  return "error" in result ? failed(chain, result.error) : next(parent, chain, result.ok);
}

function next(parent: PluginParent, before: Chain, result: JsonObject | null): Progress {
  const { pid: _, ...chain } = before;
  const { config } = chain.networks[chain.network]!;
  const step = chain.command === "ADD" ? 1 : -1;
  const plugin = chain.plugin + step;
  if (plugin >= 0 && plugin < config.plugins.length) return runPlugin(parent, { ...chain, plugin, result });
  if (chain.command === "ADD") remember(parent.host, chain, result!);
  else forget(parent.host, chain);
  const network = chain.network + step;
  const following = chain.networks[network];
  if (!following) return { done: { ...chain, result } };
  const first = chain.command === "ADD" ? 0 : following.config.plugins.length - 1;
  return runPlugin(parent, { ...chain, network, plugin: first, result: null });
}

/** libcni names the plugin that failed; a network of one plugin still carries its name (api.go pluginDescription). */
function failed(chain: Chain, why: string): { readonly error: string } {
  const plugin = chain.networks[chain.network]!.config.plugins[chain.plugin]!;
  const name =
    typeof plugin["name"] === "string" && plugin["name"] !== "" ? ` name=${JSON.stringify(plugin["name"])}` : "";
  const command = chain.command === "ADD" ? "add" : "delete";
  return { error: `plugin type=${JSON.stringify(plugin["type"])}${name} failed (${command}): ${why}` };
}

/** libcni invoke/find.go FindInPath. */
function findPlugin(host: Host, type: string, directories: readonly string[]): string | { readonly error: string } {
  if (type.includes("/")) return { error: `invalid plugin name: ${type}` };
  for (const directory of directories) {
    const stat = attempt(() => host.files.stat(`${directory}/${type}`));
    if (!(stat instanceof Errno) && stat.type === "file") return `${directory}/${type}`;
  }
  return { error: `failed to find plugin ${JSON.stringify(type)} in path [${directories.join(" ")}]` };
}

/** The configuration of one plugin of a list (libcni api.go buildOneConfig): keys sorted, as Go marshals a map. */
function stdinOf(host: Host, chain: Chain, list: NetworkConfig, plugin: JsonObject): string {
  const config: Record<string, JsonValue> = { ...plugin, name: list.name, cniVersion: list.cniVersion };
  const previous = chain.command === "ADD" ? chain.result : remembered(host, chain, list);
  if (previous) config["prevResult"] = previous;
  const wanted = plugin["capabilities"];
  if (typeof wanted === "object" && wanted !== null && !Array.isArray(wanted)) {
    const given = Object.entries(chain.capabilities).filter(([name]) => wanted[name] === true);
    if (given.length > 0) config["runtimeConfig"] = Object.fromEntries(given);
  }
  return sortedJson(config);
}

function cachePath(chain: Chain): string {
  const { config, interfaceName } = chain.networks[chain.network]!;
  return `${CACHE}/${config.name}-${chain.containerId}-${interfaceName}`;
}

/** libcni api.go cacheAdd. */
function remember(host: Host, chain: Chain, result: JsonObject): void {
  const { config, interfaceName } = chain.networks[chain.network]!;
  const entry = {
    kind: "cniCacheV1",
    containerId: chain.containerId,
    config: encoded(config),
    ifName: interfaceName,
    networkName: config.name,
    cniArgs: chain.args.split(";").map((pair) => pair.split("=")),
    capabilityArgs: chain.capabilities,
    result,
  };
  if (!host.files.exists(CACHE)) host.files.mkdir(CACHE, { parents: true, mode: 0o700 });
  host.files.write(cachePath(chain), encode(JSON.stringify(entry)), { mode: 0o600 });
}

function forget(host: Host, chain: Chain): void {
  attempt(() => host.files.unlink(cachePath(chain)));
}

/** DEL gets the result of ADD since version 0.4.0 of the specification. */
function remembered(host: Host, chain: Chain, list: NetworkConfig): JsonObject | undefined {
  const [major = 0, minor = 0] = list.cniVersion.split(".").map(Number);
  if (major === 0 && minor < 4) return undefined;
  const text = host.readText(cachePath(chain));
  return text === undefined ? undefined : (JSON.parse(text) as { result?: JsonObject }).result;
}

/** What Go's os/exec says of an end: `exit status 3`, `signal: killed`. */
function describe(status: ExitStatus): string {
  return "code" in status ? `exit status ${status.code}` : `signal: ${signalDescription(status.signal).toLowerCase()}`;
}

const encodings = new WeakMap<NetworkConfig, string>();

/** A network's configuration in base64: it is the same one for all Pods. */
function encoded(config: NetworkConfig): string {
  let text = encodings.get(config);
  if (text === undefined) encodings.set(config, (text = Buffer.from(sortedJson({ ...config })).toString("base64")));
  return text;
}
