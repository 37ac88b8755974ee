import { attempt, Errno, parseYamlText, type Process } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { containerdOf, type Containerd } from "../../sim/kube/kubelet/index.ts";
import { Fatal, say } from "./said.ts";

export const DEFAULT_CONFIG = "/etc/crictl.yaml";
const NEXT_CONFIG = "/usr/bin/crictl.yaml";
const DEFAULT_ENDPOINTS = [
  "unix:///run/containerd/containerd.sock",
  "unix:///run/crio/crio.sock",
  "unix:///var/run/cri-dockerd.sock",
];

/** The keys of the configuration file (pkg/common/file.go). */
export const CONFIG_KEYS = [
  "runtime-endpoint",
  "image-endpoint",
  "timeout",
  "debug",
  "pull-image-on-create",
  "disable-pull-on-run",
] as const;

export type ConfigKey = (typeof CONFIG_KEYS)[number];

/** Reads the configuration; undefined if there is none. An unknown key is fatal. */
export async function readConfig(
  process: Process,
  path: string,
  isSet: boolean,
): Promise<Readonly<Partial<Record<ConfigKey, string>>> | undefined> {
  let from = path;
  let data = attempt(() => process.host.files.read(from, process));
  if (data instanceof Errno) {
    if (isSet) throw new Fatal(`load config file: stat ${path}: ${words(data)}`);
    await say(process, "warning", `Config ${JSON.stringify(from)} does not exist, trying next: "${NEXT_CONFIG}"`);
    from = NEXT_CONFIG;
    data = attempt(() => process.host.files.read(from, process));
    if (data instanceof Errno) return undefined;
  }
  let parsed: unknown;
  try {
    parsed = parseYamlText(decode(data));
  } catch (error) {
    throw new Fatal(`load config file: ${(error as Error).message}`);
  }
  const config: Partial<Record<ConfigKey, string>> = {};
  for (const [key, value] of Object.entries((parsed ?? {}) as Record<string, string | number | boolean>)) {
    if (!(CONFIG_KEYS as readonly string[]).includes(key))
      throw new Fatal(`load config file: Config option '${key}' is not valid`);
    config[key as ConfigKey] = String(value);
  }
  return config;
}

/** The runtime behind an endpoint, or a fatal error (cri-client NewRemoteRuntimeService). `api`: `runtime` or `image`. */
export async function connect(
  process: Process,
  endpoint: string | undefined,
  api: "runtime" | "image",
): Promise<Containerd> {
  if (endpoint !== undefined) {
    const found = dial(process, endpoint, api);
    if (typeof found === "string") throw new Fatal(found);
    return found;
  }
  await say(
    process,
    "warning",
    `${api} connect using default endpoints: [${DEFAULT_ENDPOINTS.join(" ")}]. As the default settings are now deprecated, you should set the endpoint instead.`,
  );
  for (const [index, candidate] of DEFAULT_ENDPOINTS.entries()) {
    const found = dial(process, candidate, api);
    if (typeof found !== "string") return found;
    if (index === DEFAULT_ENDPOINTS.length - 1) throw new Fatal(found);
    await say(process, "error", found);
  }
  throw new Fatal("endpoint is not set");
}

function dial(process: Process, endpoint: string, api: "runtime" | "image"): Containerd | string {
  const validate = (why: string): string =>
    `validate service connection: validate CRI v1 ${api} API for endpoint ${JSON.stringify(endpoint)}: ${why}`;
  const [, scheme, rest = ""] = /^([a-z]+):\/\/(.*)$/.exec(endpoint) ?? [];
  if (scheme !== undefined && scheme !== "unix") return validate(`protocol ${JSON.stringify(scheme)} not supported`);
  const path = scheme === undefined ? endpoint : rest;
  const unavailable = (why: string): string =>
    validate(
      `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${path}: connect: ${why}"`,
    );
  const stat = attempt(() => process.host.files.stat(path, process));
  if (stat instanceof Errno) return unavailable(words(stat));
  if (!process.host.files.access(path, 2, process)) return unavailable("permission denied");
  const runtime = containerdOf(process.machine);
  const { running } = runtime;
  const node = process.machine.host;
  const inode = (host: typeof node, where: string): string => {
    const place = host.files.locate(host.files.realpath(where));
    return place ? `${place.id}/${place.ino}` : "";
  };
  if (!running || !node.files.exists(running.config.address)) return unavailable("connection refused");
  if (inode(process.host, path) !== inode(node, running.config.address)) return unavailable("connection refused");
  if (!runtime.serving)
    return validate(
      `rpc error: code = Unimplemented desc = unknown service runtime.v1.${api === "runtime" ? "Runtime" : "Image"}Service`,
    );
  return runtime;
}

function words({ code, message }: Errno): string {
  return code === "ENOENT" ? "no such file or directory" : message.toLowerCase();
}
