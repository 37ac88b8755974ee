import type { ContainerStatus, Job, Pod, PodFailurePolicyRule } from "../../api/index.ts";

/** What a Pod's failure means: whether it counts, and why it ends the Job (pkg/controller/job/pod_failure_policy.go). */
export interface Judgement {
  readonly action?: string;
  readonly counts: boolean;
  /** Why the whole Job has failed. */
  readonly failsJob?: string;
}

export function judge({ spec }: Job, pod: Pod): Judgement {
  const where = `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const { action, onExitCodes, onPodConditions } = rule;
    let why: string | undefined;
    if (onExitCodes) {
      const container = failedContainer(pod, onExitCodes);
      if (!container) continue;
      why = `Container ${container.name} for pod ${where} failed with exit code ${container.state.terminated!.exitCode}`;
    } else {
      const condition = pod.status.conditions?.find(({ type, status }) =>
        onPodConditions?.some((pattern) => pattern.type === type && pattern.status === status),
      );
      if (!condition) continue;
      why = `Pod ${where} has condition ${condition.type}`;
    }
    if (action === "Ignore") return { action, counts: false };
    if (action !== "FailJob") return { action, counts: true };
    return { action, counts: true, failsJob: `${why} matching ${action} rule at index ${index}` };
  }
  return { counts: true };
}

function failedContainer(
  { status }: Pod,
  { containerName, operator, values }: NonNullable<PodFailurePolicyRule["onExitCodes"]>,
): ContainerStatus | undefined {
  return [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(({ name, state }) => {
    const code = state.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
    return (values ?? []).includes(code) === (operator === "In");
  });
}
