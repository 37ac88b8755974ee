import type { Duration } from "../../../sim/kernel/index.ts";
import type { JsonObject, Pod } from "../../../sim/kube/api/index.ts";
import type { Factory } from "../client/factory.ts";
import { namespaceOf } from "../resource/info.ts";
import { firstPod, mostActiveFirst, podSelectorText } from "./first-pod.ts";

/** The pod to talk to for a thing: itself, or one of those that it stands for (attachablepodforobject.go). */
export async function attachablePod(factory: Factory, object: JsonObject, timeout: Duration): Promise<Pod> {
  if (object["kind"] === "Pod") return object as unknown as Pod;
  const selector = podSelectorText(object, "cannot attach to");
  return (await firstPod(factory, namespaceOf(object), selector, timeout, mostActiveFirst)).pod;
}
