import type { Duration } from "../../../../sim/kernel/index.ts";
import type { JsonObject, Pod } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { byLogging, firstPod, podSelectorText } from "../../polymorphic/first-pod.ts";
import { allNames, annotatedContainer, findContainer, hasOthers } from "../../polymorphic/pod-containers.ts";
import { isList, namespaceOf } from "../../resource/info.ts";

/** One log to read. */
export interface LogRequest {
  readonly pod: Pod;
  readonly container: string;
}

export interface LogTargets {
  readonly container: string;
  readonly allContainers: boolean;
  readonly allPods: boolean;
  readonly timeout: Duration;
}

/** The logs of a thing (kubectl pkg/polymorphichelpers/logsforobject.go). */
export async function logRequests(
  factory: Factory,
  object: JsonObject,
  targets: LogTargets,
): Promise<readonly LogRequest[]> {
  if (isList(object)) {
    const requests: LogRequest[] = [];
    for (const pod of object["items"] as unknown as Pod[]) requests.push(...(await ofPod(factory, pod, targets)));
    return requests;
  }
  if (object["kind"] === "Pod") return ofPod(factory, object as unknown as Pod, targets);
  const selector = podSelectorText(object, "cannot get the logs from");
  const { pod, count, pods } = await firstPod(factory, namespaceOf(object), selector, targets.timeout, byLogging);
  if (targets.allPods) {
    const requests: LogRequest[] = [];
    for (const one of pods) requests.push(...(await ofPod(factory, one, targets)));
    return requests;
  }
  if (count > 1) await factory.process.error(`Found ${count} pods, using pod/${pod.metadata.name}\n`);
  return ofPod(factory, pod, targets);
}

async function ofPod({ process }: Factory, pod: Pod, { container, allContainers }: LogTargets): Promise<LogRequest[]> {
  const { spec, metadata } = pod;
  if (allContainers)
    return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(
      ({ name }) => ({ pod, container: name }),
    );
  let chosen = container;
  const annotated = annotatedContainer(pod);
  if (chosen === "" && annotated !== undefined) {
    if (findContainer(pod, annotated)) chosen = annotated;
    else await process.error(`Default container name "${annotated}" not found in pod ${metadata.name}\n`);
  }
  if (chosen === "") {
    chosen = spec.containers[0]!.name;
    if (hasOthers(pod)) await process.error(`Defaulted container "${chosen}" out of: ${allNames(pod)}\n`);
  }
  if (!findContainer(pod, chosen)) throw new GoError(`container ${chosen} is not valid for pod ${metadata.name}`);
  return [{ pod, container: chosen }];
}
