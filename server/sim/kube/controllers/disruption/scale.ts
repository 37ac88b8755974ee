import type { Client, KubeObject, Pod } from "../../api/index.ts";
import { controllerOf } from "../owner-reference.ts";

/** A Pod is controlled by something that has no scale. */
export class NoController extends Error {}

type Scaled = KubeObject & { readonly spec?: { readonly replicas?: number } };

/** How many Pods the controllers of these want together (getExpectedScale). Throws NoController. */
export function scaleOf(
  client: Client,
  chosen: readonly Pod[],
): { readonly scale: number; readonly unmanaged: boolean } {
  const scales = new Map<string, number>();
  let unmanaged = false;
  for (const pod of chosen) {
    const controller = controllerOf(pod);
    if (!controller) {
      unmanaged = true;
      continue;
    }
    if (scales.has(controller.uid)) continue;
    const found = scaledOwner(client, pod.metadata.namespace ?? "", pod);
    if (!found) throw new NoController(`found no controllers for pod "${pod.metadata.name}"`);
    scales.set(found.metadata.uid, found.spec?.replicas ?? 0);
    // A set of a Deployment stands for the Deployment, once.
    scales.set(controller.uid, found.metadata.uid === controller.uid ? (found.spec?.replicas ?? 0) : 0);
  }
  return { scale: [...scales.values()].reduce((sum, scale) => sum + scale, 0), unmanaged };
}

/** What decides how many there are: the Deployment of a ReplicaSet, else the controller itself if it can be scaled. */
function scaledOwner(client: Client, namespace: string, object: KubeObject): Scaled | undefined {
  const controller = controllerOf(object);
  if (!controller) return undefined;
  const { registry } = client.server;
  const slash = controller.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : controller.apiVersion.slice(0, slash);
  const kind = registry.kinds.find((one) => one.kind === controller.kind && one.group === group && !one.storedAs);
  if (!kind?.subresources?.["scale"]) return undefined;
  const owner = client.get(kind, namespace, controller.name);
  if (owner?.metadata.uid !== controller.uid) return undefined;
  return controller.kind === "ReplicaSet" ? (scaledOwner(client, namespace, owner) ?? owner) : owner;
}
