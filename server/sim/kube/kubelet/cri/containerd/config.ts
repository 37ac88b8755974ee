import { attempt, Errno, type Host } from "../../../../host/index.ts";
import { decode } from "../../../../kernel/index.ts";
import { parseToml, TomlError, type TomlValue } from "./toml.ts";

/** What containerd's configuration says, as far as it has its effect here. */
export interface ContainerdConfig {
  /** The path of its socket. */
  readonly address: string;
  /** Its CRI plugin is on. */
  readonly cri: boolean;
  readonly sandboxImage: string;
  readonly cniBinDirs: readonly string[];
  readonly cniConfDir: string;
  readonly cniMaxConfNum: number;
  /** runc's cgroup driver is systemd; else cgroupfs. */
  readonly systemdCgroup: boolean;
  readonly maxLogLine: number;
  readonly streamPort: number;
}

const DEFAULTS: ContainerdConfig = {
  address: "/run/containerd/containerd.sock",
  cri: true,
  sandboxImage: "registry.k8s.io/pause:3.8",
  cniBinDirs: ["/opt/cni/bin"],
  cniConfDir: "/etc/cni/net.d",
  cniMaxConfNum: 1,
  systemdCgroup: false,
  maxLogLine: 16_384,
  streamPort: 0,
};

/** Reads config.toml (version 2 or 1); a missing file means the defaults. The error is containerd's. */
export function readContainerdConfig(host: Host, path: string): ContainerdConfig | { readonly error: string } {
  const data = attempt(() => host.files.read(path));
  if (data instanceof Errno)
    return data.code === "ENOENT" ? DEFAULTS : { error: `open ${path}: ${data.message.toLowerCase()}` };
  try {
    return interpret(parseToml(decode(data)));
  } catch (error) {
    if (error instanceof TomlError) return { error: `failed to load TOML: ${path}: ${error.message}` };
    throw error;
  }
}

function interpret(document: { [key: string]: TomlValue }): ContainerdConfig {
  const plugins = table(document["plugins"]);
  const cri = table(plugins["io.containerd.grpc.v1.cri"] ?? plugins["cri"]);
  const cni = table(cri["cni"]);
  const containerd = table(cri["containerd"]);
  const runtime = table(table(containerd["runtimes"])[text(containerd["default_runtime_name"], "runc")]);
  const disabled = Array.isArray(document["disabled_plugins"]) ? document["disabled_plugins"] : [];
  return {
    address: text(table(document["grpc"])["address"], DEFAULTS.address),
    cri: !disabled.includes("cri") && !disabled.includes("io.containerd.grpc.v1.cri"),
    sandboxImage: text(cri["sandbox_image"], DEFAULTS.sandboxImage),
    cniBinDirs: [text(cni["bin_dir"], DEFAULTS.cniBinDirs[0]!)],
    cniConfDir: text(cni["conf_dir"], DEFAULTS.cniConfDir),
    cniMaxConfNum: typeof cni["max_conf_num"] === "number" ? cni["max_conf_num"] : DEFAULTS.cniMaxConfNum,
    systemdCgroup: table(runtime["options"])["SystemdCgroup"] === true,
    maxLogLine: number(cri["max_container_log_line_size"], DEFAULTS.maxLogLine),
    streamPort: Number(text(cri["stream_server_port"], "0")),
  };
}

function table(value: TomlValue | undefined): { [key: string]: TomlValue } {
  return typeof value === "object" && !Array.isArray(value) ? value : {};
}

function text(value: TomlValue | undefined, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

function number(value: TomlValue | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
