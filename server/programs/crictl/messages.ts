import { pad, rfc3339, type Time } from "../../sim/kernel/index.ts";
import {
  capabilitiesOf,
  commandOf,
  containerStatus,
  type Containerd,
  type ContainerRow,
  type ImageRow,
  type SandboxRow,
} from "../../sim/kube/kubelet/index.ts";
import type { Json, JsonObject } from "../kubectl/output/golang/kind.ts";

/** Messages of runtime.v1 as protojson writes them, with default values: what `-o json` shows (containerd pkg/cri/server). */

const STATES = { created: "CONTAINER_CREATED", running: "CONTAINER_RUNNING", exited: "CONTAINER_EXITED" } as const;

/** Nanoseconds since 1970, a string as all 64-bit numbers. */
function nanos(time: Time): string {
  return time === 0 ? "0" : `${time}000`;
}

function time(at: Time): string {
  if (at === 0) return "0001-01-01T00:00:00Z";
  const fraction = pad(at % 1_000_000, 6).replace(/0+$/, "");
  return `${rfc3339(at).slice(0, 19)}${fraction === "" ? "" : `.${fraction}`}Z`;
}

function sorted(map: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function imageSpec(image: string, userSpecifiedImage = ""): JsonObject {
  return { image, annotations: {}, userSpecifiedImage, runtimeHandler: "" };
}

export function containerMessage(row: ContainerRow): JsonObject {
  const { config } = row;
  return {
    id: row.id,
    podSandboxId: row.sandbox,
    metadata: { name: config.name, attempt: config.attempt },
    image: imageSpec(config.image, config.userSpecifiedImage),
    imageRef: config.image,
    state: STATES[row.state],
    createdAt: nanos(row.createdAt),
    labels: sorted(config.labels),
    annotations: sorted(config.annotations),
    imageId: "",
  };
}

export function containerStatusMessage(runtime: Containerd, row: ContainerRow): JsonObject {
  const { config } = row;
  const status = containerStatus(runtime, row);
  return {
    id: row.id,
    metadata: { name: config.name, attempt: config.attempt },
    state: STATES[row.state],
    createdAt: time(row.createdAt),
    startedAt: time(row.startedAt),
    finishedAt: time(row.finishedAt),
    exitCode: row.exitCode,
    image: imageSpec(status.image),
    imageRef: status.imageRef,
    reason: row.reason,
    message: row.message,
    labels: sorted(config.labels),
    annotations: sorted(config.annotations),
    mounts: config.mounts.map(({ containerPath, hostPath, readOnly }) => ({
      containerPath,
      hostPath,
      readonly: readOnly,
      selinuxRelabel: false,
      propagation: "PROPAGATION_PRIVATE",
      uidMappings: [],
      gidMappings: [],
      recursiveReadOnly: false,
      image: null,
    })),
    logPath: status.logPath,
    resources: { linux: resourcesMessage(config.resources), windows: null },
    imageId: "",
    user: null,
    stopSignal: "RUNTIME_DEFAULT",
  };
}

function resourcesMessage(resources: ContainerRow["config"]["resources"]): JsonObject {
  const { cpuPeriod, cpuQuota, cpuShares, memoryLimitInBytes, oomScoreAdj } = resources;
  return {
    cpuPeriod: String(cpuPeriod),
    cpuQuota: String(cpuQuota),
    cpuShares: String(cpuShares),
    memoryLimitInBytes: String(memoryLimitInBytes),
    oomScoreAdj: String(oomScoreAdj),
    cpusetCpus: "",
    cpusetMems: "",
    hugepageLimits: [],
    unified: {},
    memorySwapLimitInBytes: "0",
  };
}

/** What `crictl inspect` shows beside the status (container_status.go toCRIContainerInfo, spec_opts.go). */
export function containerInfo(runtime: Containerd, row: ContainerRow): JsonObject {
  const { config, id } = row;
  const host = runtime.machine.hosts.host(id);
  const sandbox = runtime.sandboxes.get(row.sandbox);
  const command = host && commandOf(runtime, row);
  const names = capabilitiesOf(config).map((name) => `CAP_${name}`);
  const process: JsonObject =
    command && !("error" in command)
      ? {
          user: { uid: command.as.uid, gid: command.as.gid, additionalGids: [...command.as.groups] },
          args: [...command.argv],
          env: Object.entries(command.env).map(([name, value]) => `${name}=${value}`),
          cwd: command.cwd,
          capabilities: { bounding: names, effective: names, permitted: names },
          noNewPrivileges: config.noNewPrivileges,
          oomScoreAdj: config.resources.oomScoreAdj,
        }
      : {};
  return {
    sandboxID: row.sandbox,
    pid: row.pid ?? 0,
    removing: false,
    snapshotKey: id,
    snapshotter: "overlayfs",
    runtimeType: "io.containerd.runc.v2",
    runtimeOptions: { systemd_cgroup: runtime.running?.config.systemdCgroup ?? false },
    config: {
      metadata: { name: config.name, ...(config.attempt === 0 ? {} : { attempt: config.attempt }) },
      image: { image: config.image, user_specified_image: config.userSpecifiedImage },
      ...(config.command.length === 0 ? {} : { command: [...config.command] }),
      ...(config.args.length === 0 ? {} : { args: [...config.args] }),
      ...(config.workingDir === "" ? {} : { working_dir: config.workingDir }),
      envs: config.env.map(([key, value]) => ({ key, value })),
      mounts: config.mounts.map(({ containerPath, hostPath, readOnly }) => ({
        container_path: containerPath,
        host_path: hostPath,
        ...(readOnly ? { readonly: true } : {}),
      })),
      labels: sorted(config.labels),
      annotations: sorted(config.annotations),
      log_path: config.logPath,
    },
    runtimeSpec: {
      ociVersion: "1.1.0",
      process,
      root: { path: "rootfs", ...(config.readOnlyRoot ? { readonly: true } : {}) },
      mounts: (host?.mounts ?? [])
        .filter(({ at }) => at !== "/")
        .map(({ at, type, source, readOnly }) => ({
          destination: at,
          type,
          source,
          options: [readOnly ? "ro" : "rw"],
        })),
      linux: {
        resources: {
          memory: { limit: config.resources.memoryLimitInBytes },
          cpu: {
            shares: config.resources.cpuShares,
            quota: config.resources.cpuQuota,
            period: config.resources.cpuPeriod,
          },
        },
        cgroupsPath: `${(sandbox?.config.cgroupParent ?? "").split("/").at(-1)!}:cri-containerd:${id}`,
      },
    },
  };
}

export function sandboxMessage(row: SandboxRow): JsonObject {
  const { name, uid, namespace, attempt, labels, annotations } = row.config;
  return {
    id: row.id,
    metadata: { name, uid, namespace, attempt },
    state: row.state === "ready" ? "SANDBOX_READY" : "SANDBOX_NOTREADY",
    createdAt: nanos(row.createdAt),
    labels: sorted(labels),
    annotations: sorted(annotations),
    runtimeHandler: "",
  };
}

const PID_MODES = { container: "CONTAINER", pod: "POD", node: "NODE" } as const;

export function sandboxStatusMessage(row: SandboxRow): JsonObject {
  const { name, uid, namespace, attempt, labels, annotations, hostNetwork, pidNamespace, hostIpc } = row.config;
  const [ip = "", ...others] = row.ips;
  return {
    id: row.id,
    metadata: { name, uid, namespace, attempt },
    state: row.state === "ready" ? "SANDBOX_READY" : "SANDBOX_NOTREADY",
    createdAt: time(row.createdAt),
    network: { ip, additionalIps: others.map((each) => ({ ip: each })) },
    linux: {
      namespaces: {
        options: {
          network: hostNetwork ? "NODE" : "POD",
          pid: PID_MODES[pidNamespace],
          ipc: hostIpc ? "NODE" : "POD",
          targetId: "",
          usernsOptions: null,
        },
      },
    },
    labels: sorted(labels),
    annotations: sorted(annotations),
    runtimeHandler: "",
    containersStatuses: [],
    timestamp: "0",
  };
}

/** What `crictl inspectp` shows beside the status (sandbox_status.go toCRISandboxInfo). */
export function sandboxInfo(runtime: Containerd, row: SandboxRow): JsonObject {
  const { config } = row;
  return {
    pid: row.pid ?? 0,
    processStatus: row.pid === undefined ? "deleted" : "running",
    netNamespaceClosed: row.netnsPath === undefined && !config.hostNetwork,
    image: row.image,
    snapshotKey: row.id,
    snapshotter: "overlayfs",
    runtimeHandler: "",
    runtimeType: "io.containerd.runc.v2",
    runtimeOptions: { systemd_cgroup: runtime.running?.config.systemdCgroup ?? false },
    config: {
      metadata: { name: config.name, uid: config.uid, namespace: config.namespace },
      hostname: config.hostname,
      log_directory: config.logDirectory,
      dns_config: config.dns
        ? { servers: [...config.dns.servers], searches: [...config.dns.searches], options: [...config.dns.options] }
        : {},
      port_mappings: config.portMappings.map(({ containerPort, hostPort, protocol }) => ({
        ...(protocol === "TCP" ? {} : { protocol }),
        container_port: containerPort,
        ...(hostPort === 0 ? {} : { host_port: hostPort }),
      })),
      labels: sorted(config.labels),
      annotations: sorted(config.annotations),
      linux: { cgroup_parent: config.cgroupParent, sysctls: sorted(config.sysctls) },
    },
  };
}

export function imageMessage(runtime: Containerd, row: ImageRow): JsonObject {
  const user = runtime.source.byName(row.name)?.config.user ?? "";
  const [name = ""] = user.split(":");
  const numeric = /^\d*$/.test(name);
  return {
    id: row.id,
    repoTags: [...row.repoTags],
    repoDigests: [...row.repoDigests],
    size: String(row.size),
    uid: numeric ? { value: String(Number(name)) } : null,
    username: numeric ? "" : name,
    spec: null,
    pinned: isPinned(runtime, row),
  };
}

/** containerd pins the image of its sandboxes. */
export function isPinned(runtime: Containerd, { repoTags }: ImageRow): boolean {
  return repoTags.includes(runtime.config.sandboxImage);
}

/** Takes unset messages away, which protojson leaves out. */
export function withoutUnset(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutUnset);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .filter(([, each]) => each !== null)
      .map(([key, each]) => [key, withoutUnset(each)]),
  );
}
