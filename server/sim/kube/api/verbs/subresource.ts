import { admit } from "../admission/chain.ts";
import { readObject } from "../body.ts";
import type { RequestContext } from "../context.ts";
import { copyJson } from "../equality.ts";
import type { JsonObject } from "../json.ts";
import { apiVersion, type ActionSubresource, type GroupVersionKind, type ViewSubresource } from "../kind.ts";
import type { WriteOptions } from "../options.ts";
import { decodeAs, schemaOf } from "../schema/kind-schema.ts";
import { errors, success, type Status } from "../status.ts";
import type { Draft, KubeObject } from "../types/meta.ts";
import { removeObject } from "./delete.ts";
import { applyView } from "./apply-view.ts";
import { applyPatch, isApply, readPatch } from "./patch.ts";
import { get } from "./read.ts";
import { updateObject } from "./update.ts";

/** The view of an object through which clients scale it. */
export function readView(context: RequestContext, view: ViewSubresource<KubeObject>): JsonObject {
  return typed(view.as, view.read(get(context)));
}

/** PUT or PATCH of a view: its values go into the object. */
export function writeView(
  context: RequestContext,
  view: ViewSubresource<KubeObject>,
  options: WriteOptions,
): JsonObject {
  const old = get(context);
  const before = typed(view.as, view.read(old));
  const applied = isApply(context) ? applyView(context, view, old, before, options) : undefined;
  const next =
    applied?.view ??
    (context.request.verb === "patch"
      ? patched(context, view.as, before)
      : readObject(context, view.as, options.fieldValidation));
  const found = view.validate?.(next) ?? [];
  if (found.length > 0) throw errors.invalid(view.as, old.metadata.name, found);
  const draft = copyJson(old) as Draft<KubeObject>;
  const { resourceVersion = "", uid = "" } = (next["metadata"] ?? {}) as { resourceVersion?: string; uid?: string };
  if (uid !== "" && uid !== old.metadata.uid) throw otherUid(context, old, uid);
  draft.metadata.resourceVersion = resourceVersion;
  view.write(draft, next);
  return typed(view.as, view.read(updateObject(context, draft, old, applied?.managed)));
}

/** pkg/registry/apps/deployment/storage scaleUpdatedObjectInfo */
function otherUid(context: RequestContext, { metadata }: KubeObject, uid: string): Error {
  const { group, resource } = context.resource;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
  return errors.conflict({ group, resource: `${resource}/${context.subresource}` }, metadata.name, why);
}

function patched(context: RequestContext, as: GroupVersionKind, view: JsonObject): JsonObject {
  const schema = schemaOf(as);
  const { value, error } = decodeAs(schema, applyPatch(readPatch(context), schema, view));
  if (error) throw errors.badRequest(error);
  return value;
}

function typed(as: GroupVersionKind, value: JsonObject): JsonObject {
  return { kind: as.kind, apiVersion: apiVersion(as), ...value };
}

/** POST of something that is done to the object: bind it, evict it. */
export function act(
  context: RequestContext,
  action: ActionSubresource<KubeObject>,
  options: WriteOptions,
): JsonObject | Status {
  const body = readObject(context, action.as, options.fieldValidation);
  const object = get(context);
  admit(context.settings, { context, operation: "CREATE", name: object.metadata.name, object: undefined, old: object });
  const result = action.run(object, body, context);
  if ("answer" in result) return result.answer;
  if (!("remove" in result)) return { ...result, code: 201 };
  removeObject(result.remove.dryRun?.length ? context.asDryRun() : context, result.object ?? object, result.remove);
  return { ...success(), code: 201 };
}
