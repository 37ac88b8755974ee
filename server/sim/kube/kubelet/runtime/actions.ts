import type { Container, Pod } from "../../api/index.ts";
import type { ContainerStatus } from "../cri/api.ts";
import { isSidecar } from "../pods/containers.ts";
import type { KillStep, PodActions, StartStep } from "../pods/row.ts";
import { containerHash } from "./container-hash.ts";
import { findContainer, type RuntimePodStatus } from "./pod-status.ts";

/** What probes say of a container: undefined if nobody has asked it yet. */
export interface ProbeResults {
  liveness(container: string): "success" | "failure" | undefined;
  startup(container: string): "success" | "failure" | "unknown" | undefined;
}

export const HASH = "io.kubernetes.container.hash";

/** What has to be done for a Pod to be as it should (kuberuntime_manager.go computePodActions, v1.33). */
export function computePodActions(
  pod: Pod,
  status: RuntimePodStatus,
  probes: ProbeResults,
  restarts: ReadonlySet<string> = new Set(),
): PodActions {
  const { createSandbox, attempt, sandboxId } = sandboxChange(pod, status);
  const base = { killPod: createSandbox, createSandbox, attempt, sandboxId, starts: [], kills: [] };
  if (createSandbox) return { ...base, ...firstStarts(pod, status, attempt) };
  const starts: StartStep[] = [];
  const kills: KillStep[] = [];
  for (const { name } of pod.spec.ephemeralContainers ?? [])
    if (!findContainer(status, name)) starts.push({ name, type: "ephemeral" });
  const init = computeInitActions(pod, status, probes, restarts);
  if (init === "failed") return { ...base, killPod: true, starts };
  starts.push(...init.starts.map((name): StartStep => ({ name, type: "init" })));
  kills.push(...init.kills);
  if (!init.initialized) return { ...base, starts, kills };
  let kept = 0;
  const regular: StartStep[] = [];
  for (const container of pod.spec.containers) {
    const { name } = container;
    const known = findContainer(status, name);
    if (known?.state !== "running") {
      if (shouldRestart(container, pod, status)) regular.push({ name, type: "container" });
      continue;
    }
    const kill = killReason(container, known, probes, restarts);
    if (!kill) {
      kept++;
      continue;
    }
    const restart = kill.changed || pod.spec.restartPolicy !== "Never";
    if (restart) regular.push({ name, type: "container" });
    kills.push({
      id: known.id,
      name,
      message: restart && !kill.whole ? `${kill.message}, will be restarted` : kill.message,
      reason: kill.reason,
    });
  }
  if (kept === 0 && regular.length === 0)
    return { ...base, killPod: true, starts: starts.filter(({ type }) => type !== "init"), kills };
  return { ...base, starts: [...starts, ...regular], kills };
}

/** util/util.go PodSandboxChanged. */
export function sandboxChange(
  pod: Pod,
  { sandboxes }: RuntimePodStatus,
): { readonly createSandbox: boolean; readonly attempt: number; readonly sandboxId: string } {
  const [latest] = sandboxes;
  if (!latest) return { createSandbox: true, attempt: 0, sandboxId: "" };
  const ready = sandboxes.filter(({ state }) => state === "ready").length;
  const again = { createSandbox: true, attempt: latest.attempt + 1, sandboxId: latest.id };
  if (ready > 1 || latest.state !== "ready") return again;
  if (latest.hostNetwork !== (pod.spec.hostNetwork ?? false)) return { ...again, sandboxId: "" };
  if (!latest.hostNetwork && latest.ips.length === 0) return again;
  return { createSandbox: false, attempt: latest.attempt, sandboxId: latest.id };
}

function firstStarts(
  { spec }: Pod,
  status: RuntimePodStatus,
  attempt: number,
): Partial<Pick<PodActions, "createSandbox" | "starts">> {
  if (spec.restartPolicy === "Never" && attempt !== 0 && status.containers.length > 0) return { createSandbox: false };
  const succeeded = ({ name }: Container): boolean => {
    const known = findContainer(status, name);
    return known?.state === "exited" && known.exitCode === 0;
  };
  const regular = spec.containers.filter((container) => !(spec.restartPolicy === "OnFailure" && succeeded(container)));
  const created = spec.containers.some(({ name }) => findContainer(status, name));
  if (regular.length === 0 && created) return { createSandbox: false };
  const [first] = spec.initContainers ?? [];
  if (first) return { starts: [{ name: first.name, type: "init" }] };
  return { starts: regular.map(({ name }): StartStep => ({ name, type: "container" })) };
}

/** container/helpers.go ShouldContainerBeRestarted. */
export function shouldRestart(container: Container, { metadata, spec }: Pod, status: RuntimePodStatus): boolean {
  if (metadata.deletionTimestamp) return false;
  const known = findContainer(status, container.name);
  if (!known) return true;
  if (known.state === "running") return false;
  if (known.state === "created") return true;
  if (isSidecar(container) && spec.initContainers?.includes(container)) return true;
  if (spec.restartPolicy === "Never") return false;
  return spec.restartPolicy !== "OnFailure" || known.exitCode !== 0;
}

interface KillReason {
  readonly message: string;
  readonly reason: KillStep["reason"];
  readonly changed: boolean;
  /** Nothing is added to the message. */
  readonly whole?: true;
}

function killReason(
  container: Container,
  known: ContainerStatus,
  probes: ProbeResults,
  restarts: ReadonlySet<string>,
): KillReason | undefined {
  const { name } = container;
  if (known.annotations[HASH] !== containerHash(container))
    return { message: `Container ${name} definition changed`, reason: "", changed: true };
  if (probes.liveness(known.id) === "failure")
    return { message: `Container ${name} failed liveness probe`, reason: "liveness", changed: false };
  if (probes.startup(known.id) === "failure")
    return { message: `Container ${name} failed startup probe`, reason: "startup", changed: false };
  if (restarts.has(name))
    return { message: `Container ${name} resize requires restart`, reason: "", changed: true, whole: true };
  return undefined;
}

interface InitActions {
  readonly initialized: boolean;
  readonly starts: readonly string[];
  readonly kills: readonly KillStep[];
}

/** kuberuntime_container.go computeInitContainerActions: from the last one backwards, because earlier ones may be gone. */
function computeInitActions(
  pod: Pod,
  status: RuntimePodStatus,
  probes: ProbeResults,
  restarts: ReadonlySet<string>,
): InitActions | "failed" {
  const containers = pod.spec.initContainers ?? [];
  if (containers.length === 0) return { initialized: true, starts: [], kills: [] };
  let initialized = pod.spec.containers.some(({ name }) => {
    const state = findContainer(status, name)?.state;
    return state === "created" || state === "running";
  });
  let previously = initialized;
  const starts: string[] = [];
  const kills: KillStep[] = [];
  for (let at = containers.length - 1; at >= 0; at--) {
    const container = containers[at]!;
    const sidecar = isSidecar(container);
    const known = findContainer(status, container.name);
    if (!known) {
      if (previously && sidecar) starts.unshift(container.name);
      continue;
    }
    if (previously && !sidecar) continue;
    const advance = (): void => {
      if (at === containers.length - 1) initialized = true;
      else if (!previously) starts.unshift(containers[at + 1]!.name);
    };
    if (known.state === "created") starts.unshift(container.name);
    else if (known.state === "running") {
      if (sidecar)
        runningSidecar(container, known, probes, { starts, kills, advance, resize: restarts.has(container.name) });
    } else if (sidecar) starts.unshift(container.name);
    else if (known.exitCode !== 0) {
      if (pod.spec.restartPolicy === "Never") return "failed";
      starts.unshift(container.name);
    } else advance();
    previously = true;
  }
  if (!previously) starts.push(containers[0]!.name);
  return { initialized, starts, kills };
}

function runningSidecar(
  container: Container,
  known: ContainerStatus,
  probes: ProbeResults,
  out: { readonly starts: string[]; readonly kills: KillStep[]; readonly resize: boolean; advance(): void },
): void {
  const restart = (what: string, reason: KillStep["reason"]): void => {
    out.kills.push({ id: known.id, name: container.name, message: `Init container ${container.name} ${what}`, reason });
    out.starts.unshift(container.name);
  };
  if (container.startupProbe) {
    const startup = probes.startup(known.id);
    if (startup === "failure") restart("failed startup probe", "startup");
    if (startup !== "success") return;
  }
  out.advance();
  if (known.annotations[HASH] !== containerHash(container)) return restart("definition changed", "");
  if (container.livenessProbe && probes.liveness(known.id) === "failure")
    return restart("failed liveness probe", "liveness");
  if (!out.resize) return;
  out.kills.push({
    id: known.id,
    name: container.name,
    message: `Container ${container.name} resize requires restart`,
    reason: "",
  });
  out.starts.unshift(container.name);
}
