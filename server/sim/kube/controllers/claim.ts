import {
  isNotFound, isStatus, matchesLabels, type Client, type Kind, type KubeObject, type OwnerReference, type Selector,
} from "../api/index.ts"; // prettier-ignore
import { controllerOf } from "./owner-reference.ts";

/**
 * The objects that an owner controls, as pkg/controller/controller_ref_manager.go: those that its selector chooses are
 * adopted if nobody controls them, its own that the selector does not choose any more are released.
 */
export function claim<T extends KubeObject>(
  client: Client,
  kind: Kind<T>,
  owner: KubeObject,
  reference: OwnerReference,
  selector: Selector,
  wanted: (object: T) => boolean = () => true,
): readonly T[] {
  const { namespace = "", uid } = owner.metadata;
  const claimed: T[] = [];
  let owns = 0;
  for (const object of client.selected(kind, namespace, selector)) {
    const controller = controllerOf(object);
    if (controller?.uid === uid) owns++;
    if (!wanted(object)) continue;
    if (controller) {
      if (controller.uid === uid) claimed.push(object);
    } else if (!owner.metadata.deletionTimestamp && !object.metadata.deletionTimestamp) {
      const adopted = adopt(client, kind, object, reference);
      if (adopted) claimed.push(adopted);
    }
  }
  if (owner.metadata.deletionTimestamp) return claimed;
  const owned = client.owned(kind, uid);
  // All that are its own were chosen: there is none to release.
  if (owned.length === owns) return claimed;
  for (const object of owned) {
    if (!wanted(object) || matchesLabels(selector, object.metadata.labels)) continue;
    if (controllerOf(object)?.uid === uid) release(client, kind, object, uid);
  }
  return claimed;
}

function adopt<T extends KubeObject>(
  client: Client,
  kind: Kind<T>,
  object: T,
  reference: OwnerReference,
): T | undefined {
  try {
    return patchMetadata(client, kind, object, { ownerReferences: [reference], uid: object.metadata.uid });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function release<T extends KubeObject>(client: Client, kind: Kind<T>, object: T, owner: string): void {
  try {
    const ownerReferences = [{ $patch: "delete", uid: owner }];
    patchMetadata(client, kind, object, { ownerReferences, uid: object.metadata.uid });
  } catch (error) {
    // Somebody else deleted it, or it is another one of that name by now.
    if (!isNotFound(error) && !isStatus(error, "Invalid")) throw error;
  }
}

function patchMetadata<T extends KubeObject>(client: Client, kind: Kind<T>, object: T, metadata: object): T {
  const { namespace = "", name } = object.metadata;
  return client.patch(
    kind,
    { namespace, name },
    "strategic-merge-patch+json",
    JSON.parse(JSON.stringify({ metadata })),
  );
}
