import type { JsonObject, Pod } from "../../../../sim/kube/api/index.ts";
import type { Duration } from "../../../../sim/kernel/index.ts";
import type { Factory } from "../../client/factory.ts";
import { gone } from "../../client/gone.ts";
import { untilWithSync } from "../../client/until.ts";
import type { Invocation } from "../../cobra/command.ts";
import { ExitError, GoError } from "../../errors/go-error.ts";
import { exitOnInterrupt } from "../../interrupt.ts";
import { findOrDefaultContainer } from "../../polymorphic/pod-containers.ts";
import { attachTo } from "../attach.ts";
import { consumeLog, logQuery } from "../logs/consume.ts";
import type { RUN_FLAGS } from "./flags.ts";
import { restartPolicyOf } from "./pod.ts";

type Run = Invocation<typeof RUN_FLAGS>;

const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true };

/**
 * Waits until the pod runs, attaches, and hands on its exit code (kubectl pkg/cmd/run/run.go). A container that has ended
 * before that only leaves its log.
 */
export async function attachAndWait(factory: Factory, created: JsonObject, { flags, process }: Run): Promise<void> {
  exitOnInterrupt(process);
  const timeout = flags["pod-running-timeout"];
  const pod = created as unknown as Pod;
  await attachOrLog(factory, pod, flags, timeout);
  const policy = restartPolicyOf(flags);
  if (flags["leave-stdin-open"] || policy === "Always") return;
  const ended = await waitForPod(
    factory,
    pod,
    timeout,
    ({ status }) => status?.phase === "Succeeded" || (status?.phase === "Failed" && policy === "Never"),
  );
  const { namespace = "", name } = ended.metadata;
  if (ended.status.phase === "Succeeded") return;
  const terminated = ended.status.containerStatuses?.[0]?.state?.terminated;
  if (!terminated || terminated.exitCode === 0)
    throw new GoError(`pod ${namespace}/${name} failed with unknown exit code`);
  const { reason = "", message = "", exitCode } = terminated;
  throw new ExitError(exitCode, `pod ${namespace}/${name} terminated (${reason})\n${message}`);
}

async function attachOrLog(factory: Factory, created: Pod, flags: Run["flags"], timeout: Duration): Promise<void> {
  const { process } = factory;
  const pod = await waitForPod(factory, created, timeout, isRunningAndReady);
  const { phase } = pod.status;
  if (phase === "Succeeded" || phase === "Failed") return printLog(factory, pod, flags);
  try {
    await attachTo(factory, pod, "", flags, "kubectl attach");
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const { name } = pod.metadata;
    await process.error(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${error.message}\n`);
    await printLog(factory, pod, flags);
  }
}

/** Whether it runs and is ready, or is over. */
function isRunningAndReady({ status }: Pod): boolean {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return true;
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return status?.phase === "Running" && ready?.status === "True";
}

async function waitForPod(
  factory: Factory,
  { metadata }: Pod,
  timeout: Duration,
  holds: (pod: Pod) => boolean,
): Promise<Pod> {
  const { name, namespace = "" } = metadata;
  const { process } = factory;
  const found = await untilWithSync(
    process,
    await factory.helper(),
    {
      place: { mapping: PODS, namespace },
      fieldSelector: `metadata.name=${name}`,
      deadline: process.kernel.now + timeout,
    },
    ({ type, object }) => {
      if (type === "DELETED") throw gone("pods", "");
      const pod = object as unknown as Pod;
      return holds(pod) ? pod : undefined;
    },
  );
  if (found === "deadline") throw new GoError("timed out waiting for the condition");
  return found.value;
}

async function printLog(factory: Factory, pod: Pod, flags: Run["flags"]): Promise<void> {
  const container = await findOrDefaultContainer(factory.process, pod, "", flags.quiet);
  const { process } = factory;
  // As attaching does: captured apart from the terminal, lines end as they do in a file.
  const apart = flags.tty && process.fds.find(0)?.tty?.outputApart === true;
  await consumeLog(factory, pod, logQuery({ container: container.name }), (line) =>
    process.write(1, apart ? line.replaceAll("\r\n", "\n") : line),
  );
}
