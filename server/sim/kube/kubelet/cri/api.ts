import type { Time } from "../../../kernel/index.ts";

/** The requests of the Container Runtime Interface (k8s.io/cri-api v1), as plain data. */

export interface DnsConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export interface PortMapping {
  /** `TCP`, `UDP`, `SCTP`. */
  readonly protocol: string;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly hostIP: string;
}

export interface PodSandboxConfig {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly attempt: number;
  readonly hostname: string;
  /** `/var/log/pods/‹namespace›_‹pod›_‹uid›` */
  readonly logDirectory: string;
  readonly dns?: DnsConfig;
  readonly portMappings: readonly PortMapping[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The node's network in place of one of its own. */
  readonly hostNetwork: boolean;
  /** Whose processes its containers see: `container` their own, `pod` those of the sandbox, `node` all of the machine. */
  readonly pidNamespace: "container" | "pod" | "node";
  /** The machine's shared memory in place of the sandbox's own. */
  readonly hostIpc: boolean;
  /** Written into the sandbox's network namespace when it is made: `net.ipv4.ip_unprivileged_port_start`. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly cgroupParent: string;
}

export interface CriMount {
  readonly containerPath: string;
  readonly hostPath: string;
  readonly readOnly: boolean;
  /** How the volume looks in the mount table of the container: `tmpfs`; that of the node's disk if absent. */
  readonly type?: string;
  /** Of a tmpfs: KiB. */
  readonly size?: number;
}

export interface ContainerConfig {
  readonly name: string;
  readonly attempt: number;
  /** The image's id, and what the Pod calls it. */
  readonly image: string;
  readonly userSpecifiedImage: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly mounts: readonly CriMount[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Below the sandbox's log directory: `nginx/0.log`. */
  readonly logPath: string;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly stopSignal?: string;
  readonly runAsUser?: number;
  /** `nginx`, `1000:1000`: in place of the image's. */
  readonly runAsUsername?: string;
  readonly runAsGroup?: number;
  readonly supplementalGroups: readonly number[];
  readonly readOnlyRoot: boolean;
  readonly privileged: boolean;
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  /** The container in whose process namespace it runs (an ephemeral container's target), by id. */
  readonly targetId?: string;
  readonly noNewPrivileges: boolean;
  /** `RuntimeDefault`, `Unconfined`, `Localhost/‹profile›`. */
  readonly seccomp: string;
  readonly resources: LinuxResources;
}

/** runtime.v1.LinuxContainerResources: what the kubelet makes of requests and limits (kuberuntime_container_linux.go). */
export interface LinuxResources {
  readonly cpuPeriod: number;
  /** Microseconds of a period; 0 without a limit. */
  readonly cpuQuota: number;
  readonly cpuShares: number;
  /** Bytes; 0 without a limit. */
  readonly memoryLimitInBytes: number;
  readonly oomScoreAdj: number;
}

/** Who is told when an operation has ended: an event of that kind, with `outcome` beside these arguments. */
export interface Done {
  readonly kind: string;
  readonly args: object;
}

/** How an operation ended. The error is what a gRPC client prints: `rpc error: code = Unknown desc = …`. */
export type Outcome<T = unknown> = { readonly ok: T } | { readonly error: string };

export type SandboxState = "ready" | "notready";

export interface PodSandboxStatus {
  readonly id: string;
  readonly podUid: string;
  readonly name: string;
  readonly namespace: string;
  readonly attempt: number;
  readonly state: SandboxState;
  readonly createdAt: Time;
  readonly hostNetwork: boolean;
  /** Primary first; none on the node's network. */
  readonly ips: readonly string[];
}

export type ContainerState = "created" | "running" | "exited";

export interface ContainerStatus {
  readonly id: string;
  readonly sandbox: string;
  readonly podUid: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: ContainerState;
  readonly createdAt: Time;
  /** 0 if it never started. */
  readonly startedAt: Time;
  readonly finishedAt: Time;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  /** `docker.io/library/nginx:latest` */
  readonly image: string;
  /** `docker.io/library/nginx@sha256:…` */
  readonly imageRef: string;
  /** `/var/log/pods/…/nginx/0.log` */
  readonly logPath: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ImageStatus {
  /** `sha256:…` */
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: number;
  readonly user: { readonly uid: number } | { readonly username: string };
}

export interface ExecSyncResponse {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface RuntimeCondition {
  readonly ready: boolean;
  readonly reason: string;
  readonly message: string;
}

/** An error with its gRPC code, as clients print it. */
export function rpcError(message: string, code = "Unknown"): { readonly error: string } {
  return { error: `rpc error: code = ${code} desc = ${message}` };
}
