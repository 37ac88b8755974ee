import { SECOND } from "../../../kernel/index.ts";
import type { Pod } from "../../api/index.ts";
import type { Done, Outcome } from "../cri/api.ts";
import { stopContainer } from "../cri/container/stop.ts";
import { stopSandbox } from "../cri/sandbox/stop.ts";
import { hookFailure, runHook } from "../hooks.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";
import { runningContainers, type RuntimePodStatus } from "../runtime/pod-status.ts";
import { containerSpec, isSidecar } from "./containers.ts";
import { record } from "./record.ts";
import type { Killing, KillStep, KillWork, PodActions, PodRow, Work } from "./row.ts";
import { fail, working } from "./queue.ts";

type Killed = Extract<Work, { step: "kill" }>;

/** Everything that had to stop has stopped; what is to be done then. */
export interface Ended {
  readonly row: PodRow;
  readonly actions?: PodActions;
}

/** Containers get so many seconds, however little is left (minimumGracePeriodInSeconds). */
const LEAST_GRACE = 2;

/** Steps that stop all running containers of a Pod. */
export function killsOf(runtime: RuntimePodStatus, why: Pick<KillStep, "message" | "reason">): readonly KillStep[] {
  return runningContainers(runtime).map(({ id, name }) => ({ id, name, ...why }));
}

/** Stops containers, each with its hook and its time, then sandboxes (kuberuntime_container.go killContainer, v1.33). */
export function beginKill(
  kubelet: Kubelet,
  row: PodRow,
  what: { readonly kills: readonly KillStep[]; readonly sandboxes: readonly string[] },
  actions?: PodActions,
): Ended | undefined {
  const token = kubelet.token();
  const containers = what.kills.map((kill): Killing => {
    const message = kill.message === "" ? `Stopping container ${kill.name}` : kill.message;
    record(kubelet, row, "Normal", "Killing", message, kill.name);
    return {
      ...kill,
      grace: graceOf(row, kill),
      step: "turn",
      since: kubelet.kernel.now,
      order: orderOf(row.pod, kill.name),
    };
  });
  const work: Killed = {
    step: "kill",
    token,
    kill: { containers, sandboxes: what.sandboxes },
    ...(actions ? { actions } : {}),
  };
  let next = working(kubelet, row, work);
  for (const { id } of containers) next = begin(kubelet, next, id);
  return go(kubelet, next);
}

/** setTerminationGracePeriod: the deletion's, the probe's, the Pod's. */
function graceOf({ pod, grace }: PodRow, { name, reason }: KillStep): number {
  if (grace !== undefined) return grace;
  const container = containerSpec(pod, name);
  const probe =
    reason === "liveness" ? container?.livenessProbe : reason === "startup" ? container?.startupProbe : undefined;
  return (
    pod.metadata.deletionGracePeriodSeconds ??
    probe?.terminationGracePeriodSeconds ??
    pod.spec.terminationGracePeriodSeconds ??
    LEAST_GRACE
  );
}

/** Sidecars end after the others, the last of them first. */
function orderOf({ spec }: Pod, name: string): number {
  const at = spec.initContainers?.findIndex((container) => container.name === name && isSidecar(container)) ?? -1;
  return at < 0 ? 0 : spec.initContainers!.length - at;
}

/** The hook of a container, if it has one. */
function begin(kubelet: Kubelet, row: PodRow, id: string): PodRow {
  const work = row.work as Killed;
  const killing = work.kill.containers.find((one) => one.id === id)!;
  const hook = containerSpec(row.pod, killing.name)?.lifecycle?.preStop;
  if (!hook || killing.grace <= 0) return row;
  const next = change(kubelet, row, id, { step: "hook" });
  runHook(kubelet, row.pod, killing.name, id, hook, done(kubelet, next, `hook ${id}`), killing.grace);
  return next;
}

function change(kubelet: Kubelet, row: PodRow, id: string, to: Partial<Killing>): PodRow {
  const work = row.work as Killed;
  const containers = work.kill.containers.map((one) => (one.id === id ? { ...one, ...to } : one));
  return working(kubelet, row, { ...work, kill: { ...work.kill, containers } });
}

/** Stops what may be stopped now; goes on when all is done. */
function go(kubelet: Kubelet, before: PodRow): Ended | undefined {
  let row = before;
  const work = (): Killed => row.work as Killed;
  for (const killing of work().kill.containers) {
    const { id, order, step } = work().kill.containers.find((one) => one.id === killing.id)!;
    const earlier = work().kill.containers.some((one) => one.step !== "done" && one.order < order);
    if (step !== "turn" || earlier) continue;
    const spent = Math.floor((kubelet.kernel.now - killing.since) / SECOND);
    const grace = Math.max(killing.grace - spent, LEAST_GRACE);
    row = change(kubelet, row, id, { step: "stop" });
    stopContainer(kubelet.runtime, id, grace, done(kubelet, row, `stop ${id}`));
  }
  if (work().kill.containers.some(({ step }) => step !== "done")) return undefined;
  const [sandbox] = work().kill.sandboxes;
  if (sandbox === undefined) return ended(kubelet, row, work());
  stopSandbox(kubelet.runtime, sandbox, done(kubelet, row, `sandbox ${sandbox}`));
  return undefined;
}

function done(kubelet: Kubelet, row: PodRow, part: string): Done {
  return { kind: EVENTS.done, args: { machine: kubelet.machine.name, uid: row.uid, token: row.work!.token, part } };
}

/** A hook, a container or a sandbox has ended, or could not be. */
export function killAnswered(
  kubelet: Kubelet,
  row: PodRow,
  work: Killed,
  part: string,
  outcome: Outcome,
): Ended | undefined {
  const [what = "", id = ""] = part.split(" ");
  const error = "error" in outcome ? outcome.error : undefined;
  if (what === "hook") {
    const killing = work.kill.containers.find((one) => one.id === id);
    if (killing?.step !== "hook") return undefined;
    const hook = containerSpec(row.pod, killing.name)?.lifecycle?.preStop;
    const failure = hook && hookFailure(row.pod, killing.name, hook, outcome);
    if (failure !== undefined) record(kubelet, row, "Warning", "FailedPreStopHook", "PreStopHook failed", killing.name);
    return go(kubelet, change(kubelet, row, id, { step: "turn" }));
  }
  const noted: KillWork = error === undefined ? work.kill : { ...work.kill, error };
  if (what === "stop") {
    const next = working(kubelet, row, { ...work, kill: noted });
    return go(kubelet, change(kubelet, next, id, { step: "done" }));
  }
  const sandboxes = work.kill.sandboxes.filter((one) => one !== id);
  return go(kubelet, working(kubelet, row, { ...work, kill: { ...noted, sandboxes } }));
}

function ended(kubelet: Kubelet, row: PodRow, { kill, actions }: Killed): Ended | undefined {
  if (kill.error !== undefined) {
    const error = `failed to "KillPodSandbox" for ${JSON.stringify(row.uid)} with KillPodSandboxError: ${JSON.stringify(kill.error)}`;
    record(kubelet, row, "Warning", "FailedKillPod", `error killing pod: ${error}`);
    fail(kubelet, row, error);
    return undefined;
  }
  const { work: _, ...idle } = row;
  kubelet.pods.set(row.uid, idle);
  return { row: idle, ...(actions ? { actions } : {}) };
}
