import type { Pod } from "../../server/sim/kube/api/index.ts";

/** What keeps a Pod from running and being ready, in words that follow its name: `is not scheduled: …`. Undefined if nothing does. */
export function podTrouble({ metadata, status }: Pod): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return "is being deleted";
  const condition = (type: string) => status.conditions?.find((candidate) => candidate.type === type);
  const scheduled = condition("PodScheduled");
  if (scheduled?.status === "False") return `is not scheduled: ${scheduled.message ?? scheduled.reason ?? "no node"}`;
  if (status.phase === "Succeeded" || status.phase === "Failed") return `has ended (${status.phase})`;
  for (const { name, state, lastState, ready } of [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ]) {
    const { waiting, terminated } = state;
    if (waiting) {
      const before = lastState.terminated ? `; it ended with exit code ${lastState.terminated.exitCode} before` : "";
      const message = waiting.message === undefined ? "" : `: ${waiting.message}`;
      return `waits in container ${name}: ${waiting.reason ?? "unknown"}${before === "" ? message : before}`;
    }
    if (terminated && !ready) return `has ended in container ${name} with exit code ${terminated.exitCode}`;
  }
  if (condition("Ready")?.status === "True") return undefined;
  const unready = (status.containerStatuses ?? []).find(({ ready }) => !ready);
  if (unready) return `runs, but container ${unready.name} is not ready (its readiness probe fails)`;
  return `is not ready (${status.phase ?? "Pending"})`;
}
