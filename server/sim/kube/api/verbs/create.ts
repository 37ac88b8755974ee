import { SECOND } from "../../../kernel/index.ts";
import { admit, validateAdmission } from "../admission/chain.ts";
import type { Attributes } from "../admission/plugin.ts";
import { readObject } from "../body.ts";
import type { RequestContext } from "../context.ts";
import { share } from "../equality.ts";
import type { ManagedFields } from "../fieldmanager/managers.ts";
import { trackCreate } from "../fieldmanager/tracking.ts";
import type { JsonObject } from "../json.ts";
import { generateName } from "../names.ts";
import type { WriteOptions } from "../options.ts";
import { ComeAgain } from "../request.ts";
import { kindGroup } from "../status-of.ts";
import { errors } from "../status.ts";
import type { Draft, KubeObject } from "../types/meta.ts";
import { validateObjectMeta } from "../validation/object-meta.ts";
import type { WebhookCaller } from "../webhook-call.ts";

/** How often a name is generated before the server gives up. */
const NAME_TRIES = 8;

/** POST of an object: from the body to the stored object. */
export function create(context: RequestContext, options: WriteOptions): KubeObject {
  const body = readObject(context, context.kind, options.fieldValidation);
  if (context.kind.answer) return answered(context, body);
  return createObject(context, body as unknown as Draft<KubeObject>);
}

/** A review: its object is the question, and comes back with the answer in it. */
function answered(context: RequestContext, body: JsonObject): KubeObject {
  const draft = body as unknown as Draft<KubeObject>;
  draft.metadata ??= {} as Draft<KubeObject["metadata"]>;
  matchNamespace(context, draft);
  admit(context.settings, { context, operation: "CREATE", name: "", object: draft, old: undefined });
  return context.kind.answer!(body, context) as unknown as KubeObject;
}

/**
 * Creates from a decoded object, which is changed on the way.
 *
 * @param managed who owns its fields, if that is known already: whoever applied it
 */
export function createObject(context: RequestContext, draft: Draft<KubeObject>, managed?: ManagedFields): KubeObject {
  const { kind, store } = context;
  kind.defaults?.(draft);
  const managedFields = managed ?? trackCreate(context, draft);
  matchNamespace(context, draft);
  const attributes: Attributes = {
    context,
    operation: "CREATE",
    name: draft.metadata.name ?? "",
    object: draft,
    old: undefined,
  };
  admit(context.settings, attributes);

  const { metadata } = draft;
  const requested = metadata.resourceVersion;
  draft.metadata = systemFields(context, metadata);
  if (managedFields.length > 0) draft.metadata.managedFields = managedFields as never;
  const generated = !metadata.name && metadata.generateName;
  if (generated) draft.metadata.name = freeName(context, metadata.generateName!);

  kind.beginCreate?.(draft, context);
  kind.prepareCreate?.(draft, context);
  const object = draft as KubeObject;
  const found = [
    ...validateObjectMeta(object.metadata, kind.namespaced, kind.nameRule),
    ...(kind.validate?.(object, context) ?? []),
  ];
  if (found.length > 0) throw errors.invalid(kindGroup(kind), object.metadata.name ?? "", found);
  for (const warning of kind.warnings?.(object, undefined) ?? []) context.warn(warning);
  validateAdmission(context.settings, attributes);

  if (requested && requested !== "0")
    throw errors.unknownError("resourceVersion should not be set on objects to be created");
  const { name, namespace = "" } = object.metadata;
  const existing = store.get(context.registry.stored(kind), namespace, name);
  if (existing) {
    if (generated) throw errors.noUniqueName(context.resource, name);
    throw errors.alreadyExists(context.resource, name, { deleting: existing.metadata.deletionTimestamp !== undefined });
  }
  const stored = toStored(context, share(undefined, object));
  if (context.dryRun) return unversioned(object);
  const created = fromStored(context, store.create(context.registry.stored(kind), stored));
  kind.afterStore?.(created, undefined, context);
  return created;
}

/** What the server fills in, in the place of what the client says about it (rest.FillObjectMetaSystemFields). */
function systemFields(context: RequestContext, metadata: Draft<KubeObject["metadata"]>): Draft<KubeObject["metadata"]> {
  const { name, generateName: prefix, namespace, labels, annotations, ownerReferences, finalizers } = metadata;
  return {
    name,
    ...(prefix ? { generateName: prefix } : {}),
    ...(namespace ? { namespace } : {}),
    uid: context.random.uuid("kube/uid"),
    resourceVersion: "",
    creationTimestamp: context.nowText,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
    ...(finalizers ? { finalizers } : {}),
  };
}

/** What is not stored has no version. */
function unversioned(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as KubeObject["metadata"] };
}

function freeName(context: RequestContext, prefix: string): string {
  const stored = context.registry.stored(context.kind);
  let name = generateName(context.random, prefix);
  for (let tries = 1; tries < NAME_TRIES && context.store.get(stored, context.namespace, name); tries++)
    name = generateName(context.random, prefix);
  return name;
}

/** As rest.EnsureObjectNamespaceMatchesRequestNamespace. */
function matchNamespace({ namespace }: RequestContext, { metadata }: Draft<KubeObject>): void {
  if (namespace === "") delete metadata.namespace;
  else if (!metadata.namespace) metadata.namespace = namespace;
  else if (metadata.namespace !== namespace)
    throw errors.badRequest("the namespace of the provided object does not match the namespace sent on the request");
}

/** An object in the version that is stored. */
export function toStored(context: RequestContext, object: KubeObject): KubeObject {
  const { storedAs } = context.kind;
  return storedAs ? storedAs.toStored(object, callerOf(context)) : object;
}

/** A stored object in the version that was asked for. */
export function fromStored(context: RequestContext, object: KubeObject): KubeObject {
  const { storedAs } = context.kind;
  return storedAs ? storedAs.fromStored(object, callerOf(context)) : object;
}

/** Who calls conversion webhooks; the time that one takes which does not answer passes once. */
function callerOf({ settings: { callWebhook }, request }: RequestContext): WebhookCaller | undefined {
  return (
    callWebhook &&
    ((call) => {
      const reply = callWebhook(call);
      const waits = "error" in reply && reply.slow && !request.hurried && (request.attempt ?? 0) === 0;
      if (waits) throw new ComeAgain(call.timeoutSeconds * SECOND);
      return reply;
    })
  );
}
