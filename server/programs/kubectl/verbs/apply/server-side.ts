import {
  unionFields,
  type JsonObject,
  type ManagedFields,
  type ManagedFieldsEntry,
} from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import type { Place, WriteOptions } from "../../client/helper.ts";
import { warn } from "../../client/warning.ts";
import { GoError, isReason } from "../../errors/go-error.ts";
import { encodeJson } from "../../output/index.ts";
import { LAST_APPLIED } from "../../patch/last-applied.ts";
import { metadataOf, type Info } from "../../resource/info.ts";

/** What follows the server's words about a conflict (kubectl pkg/cmd/apply/apply.go). */
const CONFLICT_ADVICE = `
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

const MOST_TRIES = 5;
/** The manager of server-side apply, unless another is given. */
const KUBECTL = "kubectl";

/** Has the server merge the object; what client-side apply owned before becomes the manager's. */
export async function applyServerSide(
  factory: Factory,
  { mapping, namespace, name, object }: Info,
  subresource: string,
  write: WriteOptions & { readonly fieldManager: string },
): Promise<JsonObject> {
  const helper = await factory.helper();
  const place: Place = { mapping, namespace, name, ...(subresource === "" ? {} : { subresource }) };
  const body = encodeJson(object!);
  let applied: JsonObject;
  try {
    applied = await helper.patch(place, "apply", body, write);
  } catch (error) {
    if (isReason(error, "Conflict")) throw new GoError(`${error.message}${CONFLICT_ADVICE}`);
    throw error;
  }
  if (metadataOf(applied)["deletionTimestamp"] !== undefined)
    await warn(factory.process, `Detected changes to resource ${name} which is currently being deleted.`);
  if (write.dryRun) return applied;
  const kept = write.fieldManager === KUBECTL ? await keepAnnotation(factory, place, applied, write) : applied;
  const migrated = await migrate(factory, place, kept, write);
  return migrated ? helper.patch(place, "apply", body, write) : applied;
}

/** Has somebody own the annotation of client-side apply, so that it outlives the change of managers. */
async function keepAnnotation(
  factory: Factory,
  place: Place,
  applied: JsonObject,
  { fieldValidation }: WriteOptions,
): Promise<JsonObject> {
  const { metadata, apiVersion, kind } = applied as { metadata: JsonObject; apiVersion: string; kind: string };
  const { name, namespace, annotations, managedFields } = metadata as unknown as Metadata;
  const text = annotations?.[LAST_APPLIED];
  if (text === undefined || managedFields?.some((entry) => ownsLastApplied(entry, "Apply"))) return applied;
  const only = {
    apiVersion,
    kind,
    metadata: { annotations: { [LAST_APPLIED]: text }, name, ...(namespace === undefined ? {} : { namespace }) },
  };
  const helper = await factory.helper();
  return helper.patch(place, "apply", encodeJson(only), {
    fieldManager: "kubectl-last-applied",
    ...(fieldValidation === undefined ? {} : { fieldValidation }),
  });
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly annotations?: Record<string, string>;
  readonly managedFields?: ManagedFields;
  readonly resourceVersion?: string;
}

/** Hands what client-side apply owned to the manager who applies now (client-go/util/csaupgrade); false if that is nothing. */
async function migrate(
  factory: Factory,
  place: Place,
  applied: JsonObject,
  options: WriteOptions & { readonly fieldManager: string },
): Promise<boolean> {
  const { force: _, ...write } = options;
  const helper = await factory.helper();
  let object = applied;
  for (let tries = 1; ; tries++) {
    const { managedFields = [], resourceVersion } = object["metadata"] as unknown as Metadata;
    const names = new Set(
      managedFields.filter((entry) => ownsLastApplied(entry, "Update")).map((entry) => entry.manager ?? ""),
    );
    let upgraded: ManagedFields = managedFields;
    for (const name of [...names].sort()) upgraded = upgrade(upgraded, name, write.fieldManager);
    if (upgraded === managedFields) return false;
    const patch = [
      { op: "replace", path: "/metadata/managedFields", value: upgraded },
      { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    ];
    try {
      await helper.patch(place, "json", encodeJson(patch as unknown as JsonObject), write);
      return true;
    } catch (error) {
      if (!isReason(error, "Conflict") || tries >= MOST_TRIES) {
        if (!(error instanceof GoError)) throw error;
        await warn(
          factory.process,
          `server rejected managed fields migration to Server-Side Apply. This is non-fatal and will be retried next time you apply. Error: ${error.message}`,
        );
        return false;
      }
      object = await helper.get(place);
    }
  }
}

function ownsLastApplied({ operation, fieldsV1 }: ManagedFieldsEntry, by: ManagedFieldsEntry["operation"]): boolean {
  return operation === by && fieldsV1["f:metadata"]?.["f:annotations"]?.[`f:${LAST_APPLIED}`] !== undefined;
}

function upgrade(managed: ManagedFields, from: string, to: string): ManagedFields {
  const updates = ({ manager, operation, subresource }: ManagedFieldsEntry): boolean =>
    manager === from && operation === "Update" && !subresource;
  const theirs = managed.find(updates);
  if (!theirs) return managed;
  const mine = managed.find(
    ({ manager, operation, subresource }) => manager === to && operation === "Apply" && !subresource,
  );
  const kept = managed.filter((entry) => !updates(entry) || (!mine && entry === theirs));
  return kept.map((entry) => {
    if (mine ? entry !== mine : entry !== theirs) return entry;
    return { ...entry, manager: to, operation: "Apply", fieldsV1: unionFields(entry.fieldsV1, theirs.fieldsV1) };
  });
}
