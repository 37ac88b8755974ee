import type { Time } from "../../../kernel/index.ts";
import type { Pod, PodStatus, ResourceRequirements } from "../../api/index.ts";

/** What starting a container of a Pod failed with last: its waiting state (reason_cache.go). */
export interface WaitingReason {
  readonly reason: string;
  readonly message: string;
}

/** A container that is to be started, in the order of SyncPod. */
export interface StartStep {
  readonly name: string;
  readonly type: "ephemeral" | "init" | "container";
}

export interface KillStep {
  readonly id: string;
  readonly name: string;
  /** Empty: `Stopping container ‹name›`. */
  readonly message: string;
  readonly reason: "" | "liveness" | "startup" | "hook";
}

/** What SyncPod decided to do (kuberuntime_manager.go podActions). */
export interface PodActions {
  readonly killPod: boolean;
  readonly createSandbox: boolean;
  readonly sandboxId: string;
  readonly attempt: number;
  readonly starts: readonly StartStep[];
  readonly kills: readonly KillStep[];
}

/** A container that is being stopped. */
export interface Killing extends KillStep {
  /** Seconds that are left for it. */
  readonly grace: number;
  readonly step: "hook" | "turn" | "stop" | "done";
  readonly since: Time;
  /** A sidecar waits until all that come before it have ended. */
  readonly order: number;
}

/** Containers, and after them sandboxes, that are being stopped. */
export interface KillWork {
  readonly containers: readonly Killing[];
  /** Sandboxes that are still to be stopped. */
  readonly sandboxes: readonly string[];
  readonly error?: string;
}

interface Step<Kind extends string> {
  readonly step: Kind;
  /** What the event that ends the wait carries. */
  readonly token: number;
}

/** What a Pod's worker is busy with; it does one thing at a time. */
export type Work =
  | (Step<"kill"> & { readonly kill: KillWork; readonly actions?: PodActions })
  | (Step<"sandbox"> & { readonly actions: PodActions })
  | StartWork;

/** A container is being started. */
export interface StartWork extends Step<"pull" | "create" | "start" | "hook"> {
  readonly actions: PodActions;
  readonly sandbox: string;
  /** Which of the actions' starts it is at, and what went wrong with those before. */
  readonly at: number;
  readonly errors: readonly string[];
  /** The image's id once it is there. */
  readonly image?: string;
  readonly pulledSince?: Time;
  readonly container?: string;
  /** Why the hook behind the start failed, while the container is stopped for it. */
  readonly failure?: string;
}

/** What became of a change of a Pod's resources (pkg/kubelet/allocation). The row's Pod has the resources that were granted. */
export interface Resize {
  /** What is asked for and was not granted. */
  readonly pending?: WaitingReason & { readonly pod: Pod; readonly probed: Time };
  /** By container that runs: what it has, while it has not got what was granted. */
  readonly actual: Readonly<Record<string, ResourceRequirements>>;
  /** Granted, and not yet looked at since it is done. */
  readonly granted?: Time;
}

/** A Pod that this kubelet runs. Plain data; the worker's state machine is in the files beside this one. */
export interface PodRow {
  readonly uid: string;
  /** As its source last gave it. */
  readonly pod: Pod;
  readonly source: "api" | "file";
  /** `sync`: it shall run. `terminating`: its containers are stopped. `terminated`: its volumes go. `finished`: nothing is left. */
  readonly phase: "sync" | "terminating" | "terminated" | "finished";
  /** Its source has it no more. */
  readonly gone?: true;
  /** Seconds that its containers have to stop. */
  readonly grace?: number;
  /** What the kubelet says of it, whether or not the API server has heard of it. */
  readonly status: PodStatus;
  readonly work?: Work;
  /** Something has changed while the worker was busy. */
  readonly pending?: true;
  /** The event of the next sync, if one is planned, and when it is. */
  readonly timer?: number;
  readonly timerAt?: Time;
  /** Its volumes are set up; what they show follows by itself. */
  readonly mounted?: true;
  /** The API server has not heard of `status` yet. */
  readonly unsent?: true;
  readonly reasons: Readonly<Record<string, WaitingReason>>;
  /** Its containers get other resources than they started with, or are to get them. */
  readonly resize?: Resize;
  /** How often syncs have failed in a row. */
  readonly failures: number;
  /** Why the kubelet itself ended it. */
  readonly evicted?: WaitingReason;
}

/** What the containers of a Pod have been given, by their names (pkg/kubelet/allocation/state). */
export type Allocation = Readonly<Record<string, ResourceRequirements>>;

/** What a kubelet that ends leaves behind of a Pod for the next one: its containers run on with that. */
export function allocationOf({ pod, resize }: PodRow): Allocation {
  const { containers, initContainers = [] } = pod.spec;
  return Object.fromEntries(
    [...initContainers, ...containers].map(({ name, resources }) => [name, resize?.actual[name] ?? resources]),
  );
}

export function podKey({ metadata }: Pod): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

/** `web_default(‹uid›)`, as the kubelet's messages call a Pod (format.Pod). */
export function formatPod({ metadata }: Pod): string {
  return `${metadata.name}_${metadata.namespace ?? ""}(${metadata.uid})`;
}
