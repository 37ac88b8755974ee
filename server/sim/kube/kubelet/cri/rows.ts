import type { Time } from "../../../kernel/index.ts";
import type { ContainerConfig, ContainerState, Done, PodSandboxConfig } from "./api.ts";
import type { Chain } from "./cni/chain.ts";
import type { NetworkConfig } from "./cni/config.ts";

/** A Pod's sandbox on a machine: its network namespace and pause process. */
export interface SandboxRow {
  readonly id: string;
  readonly config: PodSandboxConfig;
  /** `unknown`: cleaning up after a failed start failed as well; the kubelet is told that it is not ready. */
  readonly state: "ready" | "notready" | "unknown";
  readonly createdAt: Time;
  /** The network namespace, until it was torn down; the machine's own for Pods on the node's network. */
  readonly netns?: string;
  /** `/var/run/netns/cni-‹uuid›`; none on the node's network. */
  readonly netnsPath?: string;
  readonly ips: readonly string[];
  readonly pid?: number;
  readonly shimPid?: number;
  /** The name of the pause image. */
  readonly image: string;
}

export interface ContainerRow {
  readonly id: string;
  readonly sandbox: string;
  readonly podUid: string;
  readonly config: ContainerConfig;
  /** The image's name, by which its files are found: `docker.io/library/nginx:1.27.5`. */
  readonly image: string;
  readonly state: ContainerState;
  readonly createdAt: Time;
  readonly startedAt: Time;
  readonly finishedAt: Time;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly pid?: number;
  /** `/var/log/pods/…` of its Pod: a sandbox may be gone before its containers. */
  readonly logDirectory: string;
  /** How its log is written: as the CRI has it, or as Docker Engine keeps it. */
  readonly logDriver?: "json-file";
  /** The log file, for those who write to it: its file system, inode and directory. */
  readonly log?: { readonly id: string; readonly ino: number; readonly directory: number };
}

export interface ImageRow {
  /** `sha256:…` of its config. */
  readonly id: string;
  /** Its name in the catalogue (`Image.name`). */
  readonly name: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: number;
}

/** What the CRI plugin last read from its configuration directory. */
export interface CniRow {
  readonly network?: NetworkConfig;
  readonly error?: string;
}

interface Operation<Kind extends string, Data> {
  readonly id: number;
  readonly kind: Kind;
  readonly done: Done;
  readonly data: Data;
}

export interface RunSandbox {
  readonly id: string;
  readonly config: PodSandboxConfig;
  readonly step: "pull" | "network" | "teardown" | "start";
  readonly image?: string;
  readonly netns?: string;
  readonly netnsPath?: string;
  readonly chain?: Chain;
  readonly ips?: readonly string[];
  /** Why it failed, while it is cleaned up. */
  readonly error?: string;
}

export interface StopSandbox {
  readonly id: string;
  readonly step: "containers" | "network";
  readonly chain?: Chain;
}

/** What containerd is busy with. Its rows go on after a restore; when containerd ends, all of them fail. */
export type OperationRow =
  | Operation<"run-sandbox", RunSandbox>
  | Operation<"stop-sandbox", StopSandbox>
  | Operation<"pull", { readonly reference: string }>
  | Operation<"create", { readonly sandbox: string; readonly config: ContainerConfig; readonly container: string }>
  | Operation<"start", { readonly container: string }>
  | Operation<"stop", { readonly container: string; readonly timer?: number }>
  | Operation<
      "exec",
      {
        readonly container: string;
        readonly command: readonly string[];
        readonly timeout: number;
        readonly pid?: number;
        readonly timer?: number;
      }
    >;
