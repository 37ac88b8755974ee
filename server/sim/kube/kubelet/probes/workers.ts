import { MILLISECOND, SECOND, type Duration } from "../../../kernel/index.ts";
import type { Container, Probe } from "../../api/index.ts";
import type { ContainerStatus, ExecSyncResponse, Outcome } from "../cri/api.ts";
import { execSync } from "../cri/container/exec.ts";
import type { Kubelet } from "../kubelet.ts";
import { containerSpec, isSidecar } from "../pods/containers.ts";
import { record } from "../pods/record.ts";
import { podKey, type PodRow } from "../pods/row.ts";
import { wake } from "../pods/queue.ts";
import { EVENTS } from "../row.ts";
import { findContainer, runtimePodStatus } from "../runtime/pod-status.ts";
import { worldStamp } from "../world-stamp.ts";
import { check, type Checked } from "./check.ts";
import { probeKey } from "./results.ts";
import type { ProbeResult, ProbeRow, ProbeType } from "./row.ts";
import { isSteady } from "./steady.ts";

export { probeResults } from "./results.ts";

const TYPES: readonly ProbeType[] = ["startup", "readiness", "liveness"];
const FIELD = { startup: "startupProbe", readiness: "readinessProbe", liveness: "livenessProbe" } as const;
const TITLE = { startup: "Startup", readiness: "Readiness", liveness: "Liveness" } as const;
const INITIAL: Readonly<Record<ProbeType, ProbeResult>> = {
  startup: "unknown",
  readiness: "failure",
  liveness: "success",
};
/** A container that has just begun to run is asked without waiting for the period (prober_manager.go UpdatePodStatus). */
const FIRST_LOOK: Duration = 250 * MILLISECOND;

/** Servers may answer by their age when they are young (agnhost liveness): they are asked each time. */
const YOUTH: Duration = 12 * SECOND;

/** Makes the probe workers of a Pod that are not there yet (prober_manager.go AddPod). */
export function addProbes(kubelet: Kubelet, row: PodRow): void {
  const { pod, uid } = row;
  let added = false;
  const containers = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers];
  for (const container of containers)
    for (const type of TYPES) {
      const probe = container[FIELD[type]];
      const key = probeKey(uid, container.name, type);
      if (!probe || kubelet.probes.get(key)) continue;
      const worker: ProbeRow = {
        uid,
        container: container.name,
        type,
        id: "",
        result: INITIAL[type],
        last: "",
        run: 0,
        onHold: false,
        timer: null,
        at: 0,
        seen: "",
      };
      kubelet.probes.set(key, worker);
      added = true;
    }
  // After a restart of the kubelet the containers run already, and nothing else tells of them.
  if (added) containersChanged(kubelet, row);
}

/** A Pod's containers have changed: workers that rest look at new ones. */
export function containersChanged(kubelet: Kubelet, { uid }: PodRow): void {
  for (const [key, row] of kubelet.probes.entries()) {
    if (row.uid !== uid || row.timer !== null || row.busy) continue;
    const status = findContainer(runtimePodStatus(kubelet.runtime, uid), row.container);
    if (status?.state === "running" && status.id !== row.id) plan(kubelet, key, row, FIRST_LOOK);
  }
}

export function removeProbes(kubelet: Kubelet, uid: string): void {
  for (const [key, row] of kubelet.probes.entries()) {
    if (row.uid !== uid) continue;
    if (row.timer !== null) kubelet.kernel.cancel(row.timer);
    kubelet.probes.delete(key);
  }
}

/** The first probes of a container are something that a rollout waits for; later ones are not. */
function plan(kubelet: Kubelet, key: string, row: ProbeRow, delay: Duration): void {
  const undecided = row.result !== "success" && row.run < 30 && row.last !== "failure";
  const timer = kubelet.after(delay, EVENTS.probe, { key }, { periodic: !undecided });
  kubelet.probes.set(key, { ...row, timer, at: kubelet.kernel.now + delay });
}

/** Its answer cannot change before the world does. */
function rest(kubelet: Kubelet, key: string, row: ProbeRow, delay: Duration): void {
  const timer = kubelet.rest(delay, EVENTS.probe, { key });
  kubelet.probes.set(key, { ...row, timer, at: kubelet.kernel.now + delay });
}

/** A probe is due (worker.go doProbe). */
export function probeDue(kubelet: Kubelet, key: string): void {
  const known = kubelet.probes.get(key);
  if (!known || !kubelet.row) return;
  let row: ProbeRow = { ...known, timer: null };
  kubelet.probes.set(key, row);
  const pod = kubelet.pods.get(row.uid);
  const container = pod && containerSpec(pod.pod, row.container);
  const probe = container?.[FIELD[row.type]];
  if (!pod || !probe || pod.phase === "finished") return void kubelet.probes.delete(key);
  const status = findContainer(runtimePodStatus(kubelet.runtime, row.uid), row.container);
  // The runtime's news wake it when there is something to ask.
  if (status?.state !== "running") return;
  if (status.id !== row.id)
    row = { ...unsteady(row), id: status.id, result: INITIAL[row.type], last: "", run: 0, onHold: false, seen: "" };
  kubelet.probes.set(key, row);
  if (row.onHold) return;
  if (pod.phase !== "sync" && row.type !== "readiness") return;
  const wait = untilAsked(kubelet, row, probe, container, status);
  if (wait === "never") return;
  if (wait > 0) return plan(kubelet, key, row, wait);
  if (probe.exec) return ask(kubelet, key, row, probe, status);
  const world = worldStamp(kubelet.machine.hosts);
  const young = kubelet.kernel.now - status.startedAt < YOUTH + 2 * period(probe);
  const asBefore =
    (!young && row.seen === world.now) ||
    (row.steady && world.quietly(() => isSteady(kubelet.machine.hosts, row.steady!)));
  if (asBefore && settled(row, probe)) return rest(kubelet, key, row, period(probe));
  const checked = world.quietly(() => check(kubelet, pod.pod, container, probe));
  const now = kubelet.probes.get(key);
  if (now) note(kubelet, key, { ...now, seen: "" }, probe, checked);
}

/** Nothing is asked before its time, nor of a container that has not started, nor of one that has whether it did. */
function untilAsked(
  kubelet: Kubelet,
  row: ProbeRow,
  probe: Probe,
  container: Container,
  status: ContainerStatus,
): Duration | "never" {
  const age = kubelet.kernel.now - status.startedAt;
  const initial = (probe.initialDelaySeconds ?? 0) * SECOND;
  if (age < initial) return initial - age;
  if (!container.startupProbe) return 0;
  const startup = kubelet.probes.get(probeKey(row.uid, row.container, "startup"));
  const started = startup?.id === status.id && startup.result === "success";
  if (row.type === "startup") return started ? "never" : 0;
  // The startup probe's success wakes the others.
  return started ? 0 : "never";
}

/** The result cannot become another by more of the same. */
function settled(row: ProbeRow, probe: Probe): boolean {
  if (row.last !== row.result) return false;
  return row.last === "success" || (row.type === "readiness" && row.run >= (probe.failureThreshold ?? 3));
}

function period(probe: Probe): Duration {
  return (probe.periodSeconds ?? 10) * SECOND;
}

function ask(kubelet: Kubelet, key: string, row: ProbeRow, probe: Probe, status: ContainerStatus): void {
  kubelet.probes.set(key, { ...row, busy: true });
  execSync(kubelet.runtime, status.id, probe.exec!.command ?? [], probe.timeoutSeconds ?? 1, {
    kind: EVENTS.probed,
    args: { machine: kubelet.machine.name, key, container: status.id },
  });
}

/** The command of a probe has ended (pkg/probe/exec/exec.go). */
export function commandEnded(kubelet: Kubelet, key: string, container: string, outcome: Outcome): void {
  const known = kubelet.probes.get(key);
  const pod = known && kubelet.pods.get(known.uid);
  const probe = pod && containerSpec(pod.pod, known.container)?.[FIELD[known.type]];
  if (!known || !probe) return;
  const { busy: _, ...row } = known;
  if (row.id !== container) {
    kubelet.probes.set(key, row);
    return containersChanged(kubelet, pod);
  }
  note(kubelet, key, row, probe, execResult(probe, outcome));
}

function execResult({ exec, timeoutSeconds = 1 }: Probe, outcome: Outcome): Checked {
  if ("error" in outcome) {
    if (outcome.error.includes("DeadlineExceeded"))
      return {
        outcome: "failure",
        output: `command timed out: ${JSON.stringify((exec?.command ?? []).join(" "))} timed out after ${timeoutSeconds}s`,
      };
    return { outcome: "errored", output: outcome.error };
  }
  const { stdout, stderr, exitCode } = outcome.ok as ExecSyncResponse;
  return { outcome: exitCode === 0 ? "success" : "failure", output: stdout + stderr };
}

/** Counts a result; the one that passes its threshold is what is told. */
function note(kubelet: Kubelet, key: string, before: ProbeRow, probe: Probe, checked: Checked): void {
  const pod = kubelet.pods.get(before.uid)!;
  const { outcome } = checked;
  tell(kubelet, pod, before, checked);
  if (outcome === "errored") return plan(kubelet, key, before, period(probe));
  const result: ProbeResult = outcome === "failure" ? "failure" : "success";
  const run = before.last === result ? before.run + 1 : 1;
  const threshold = result === "failure" ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1);
  const seen = worldStamp(kubelet.machine.hosts).now;
  let row: ProbeRow = {
    ...unsteady(before),
    last: result,
    run,
    seen,
    ...(checked.steady ? { steady: checked.steady } : {}),
  };
  if (run < threshold) return plan(kubelet, key, row, period(probe));
  const changed = row.result !== result;
  const hold = result === "failure" && row.type !== "readiness";
  row = { ...row, result, ...(hold ? { onHold: true, run: 0 } : {}) };
  kubelet.probes.set(key, row);
  if (changed) wake(kubelet, row.uid);
  if (changed && row.type === "startup" && result === "success") startOthers(kubelet, row);
  if (hold || (row.type === "startup" && result === "success")) return;
  plan(kubelet, key, row, period(probe));
}

function unsteady(row: ProbeRow): ProbeRow {
  const { steady: _, ...kept } = row;
  return kept;
}

/** The container has started: its other probes begin. */
function startOthers(kubelet: Kubelet, { uid, container }: ProbeRow): void {
  for (const type of ["readiness", "liveness"] as const) {
    const key = probeKey(uid, container, type);
    const row = kubelet.probes.get(key);
    if (row && row.timer === null && !row.busy) plan(kubelet, key, row, FIRST_LOOK);
  }
}

function tell(kubelet: Kubelet, pod: PodRow, row: ProbeRow, { outcome, output }: Checked): void {
  if (outcome === "success") return;
  const title = TITLE[row.type];
  if (outcome === "warning")
    return record(kubelet, pod, "Warning", "ProbeWarning", `${title} probe warning: ${output}`, row.container);
  const what = outcome === "errored" ? "errored and resulted in unknown state" : "failed";
  record(kubelet, pod, "Warning", "Unhealthy", `${title} probe ${what}: ${output}`, row.container);
  if (outcome === "failure")
    kubelet.log(
      "I",
      "prober.go:120",
      `"Probe failed" probeType=${JSON.stringify(title)} pod=${JSON.stringify(podKey(pod.pod))} podUID=${JSON.stringify(row.uid)} containerName=${JSON.stringify(row.container)} probeResult="failure" output=${JSON.stringify(output)}`,
    );
}
