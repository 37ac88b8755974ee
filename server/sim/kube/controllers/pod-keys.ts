import { matchesLabels, objectKey, type KubeObject, type ObjectChange, type Pod, type Selector } from "../api/index.ts";
import { controllerOf } from "./owner-reference.ts";

/** Workloads of a kind that may want a Pod, with their selectors. */
export interface Adopters<T extends KubeObject> {
  readonly kind: string;
  list(namespace: string): readonly T[];
  selector(workload: T): Selector;
}

/** The workloads that a Pod's change concerns: its controllers, or those that would adopt an orphan. */
export function keysOfPod<T extends KubeObject>(
  { object, previous }: ObjectChange<Pod>,
  adopters: Adopters<T>,
): readonly string[] {
  const keys = new Set<string>();
  const { namespace = "" } = object.metadata;
  for (const pod of previous ? [object, previous] : [object]) {
    const controller = controllerOf(pod);
    if (controller?.kind === adopters.kind) keys.add(`${namespace}/${controller.name}`);
  }
  const orphan = !controllerOf(object);
  const changed = previous?.metadata.labels !== object.metadata.labels || (previous && controllerOf(previous));
  if (!orphan || !changed) return [...keys];
  for (const workload of adopters.list(namespace))
    if (matchesLabels(adopters.selector(workload), object.metadata.labels)) keys.add(objectKey(workload));
  return [...keys];
}
