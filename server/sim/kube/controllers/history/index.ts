import {
  isStatus, sameJson, type Client, type ControllerRevision, type GroupVersionKind, type JsonValue, type KubeObject, type Selector,
  type StringMap,
} from "../../api/index.ts"; // prettier-ignore
import { controllerRevisions } from "../../kinds/index.ts";
import { claim } from "../claim.ts";
import { controllerReference } from "../owner-reference.ts";

export { revisionData, revisionHash, revisionTemplate } from "./revision.ts";

/** The revisions that an owner controls, the oldest first. Orphans that its selector chooses are adopted. */
export function ownedRevisions(
  client: Client,
  kind: GroupVersionKind,
  owner: KubeObject,
  selector: Selector,
): ControllerRevision[] {
  return claim(client, controllerRevisions, owner, controllerReference(kind, owner), selector).toSorted(
    (a, b) => a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1),
  );
}

/** Makes a revision of an owner; undefined if there is another one of that name, with other data. */
export function createRevision(
  client: Client,
  kind: GroupVersionKind,
  owner: KubeObject,
  made: { readonly name: string; readonly labels: StringMap; readonly data: JsonValue; readonly revision: number },
): ControllerRevision | undefined {
  const { namespace = "", annotations } = owner.metadata;
  try {
    return client.create(controllerRevisions, {
      metadata: {
        name: made.name,
        namespace,
        labels: made.labels,
        ...(annotations && { annotations }),
        ownerReferences: [controllerReference(kind, owner)],
      },
      data: made.data,
      revision: made.revision,
    });
  } catch (error) {
    if (!isStatus(error, "AlreadyExists")) throw error;
    const existing = client.get(controllerRevisions, namespace, made.name);
    if (!existing) throw error;
    return sameJson(existing.data, made.data) ? existing : undefined;
  }
}

export function renumberRevision(client: Client, revision: ControllerRevision, number: number): ControllerRevision {
  return revision.revision === number
    ? revision
    : client.update(controllerRevisions, { ...revision, revision: number });
}

export function deleteRevision(client: Client, { metadata }: ControllerRevision): void {
  client.delete(controllerRevisions, metadata.namespace ?? "", metadata.name);
}
