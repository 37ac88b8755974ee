import type { ContainerStatus, Pod } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { gone } from "../../client/gone.ts";
import { untilWithSync } from "../../client/until.ts";
import { warn } from "../../client/warning.ts";
import { GoError } from "../../errors/go-error.ts";
import { exitOnInterrupt } from "../../interrupt.ts";
import type { StreamOptions } from "../../remote/stream.ts";
import { attachTo } from "../attach.ts";
import { consumeLog, logQuery } from "../logs/consume.ts";

const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true };

/** Waits until a container runs and attaches to it; one that has ended leaves its log (debug.go handleAttachPod). */
export async function attachWhenRunning(
  factory: Factory,
  created: Pod,
  container: string,
  options: StreamOptions,
): Promise<void> {
  const { process } = factory;
  exitOnInterrupt(process);
  const pod = await waitForContainer(factory, created, container, options.quiet);
  const log = (): Promise<void> => consumeLog(factory, pod, logQuery({ container }), (line) => process.write(1, line));
  if (statusOf(pod, container)?.state.terminated) return log();
  try {
    await attachTo(factory, pod, container, options, "kubectl attach");
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const { name } = pod.metadata;
    await process.error(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${error.message}\n`);
    await log();
  }
}

async function waitForContainer(factory: Factory, { metadata }: Pod, name: string, quiet: boolean): Promise<Pod> {
  const { process } = factory;
  const found = await untilWithSync(
    process,
    await factory.helper(),
    {
      place: { mapping: PODS, namespace: metadata.namespace ?? "" },
      fieldSelector: `metadata.name=${metadata.name}`,
      deadline: Number.POSITIVE_INFINITY,
    },
    async ({ type, object }) => {
      if (type === "DELETED") throw gone("pods", "");
      const pod = object as unknown as Pod;
      const state = statusOf(pod, name)?.state;
      if (state?.running || state?.terminated) return pod;
      if (!quiet && state?.waiting?.message) await warn(process, `container ${name}: ${state.waiting.message}`);
      return undefined;
    },
  );
  if (found === "deadline") throw new GoError("timed out waiting for the condition");
  return found.value;
}

function statusOf({ status }: Pod, name: string): ContainerStatus | undefined {
  return [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ].find((one) => one.name === name);
}
