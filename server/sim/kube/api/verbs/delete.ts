import { parseRfc3339, rfc3339, SECOND } from "../../../kernel/index.ts";
import { admit, validateAdmission } from "../admission/chain.ts";
import { readBody } from "../body.ts";
import type { RequestContext } from "../context.ts";
import { isObject, type JsonObject } from "../json.ts";
import { deleteOptions } from "../options.ts";
import { errors, success, type Status } from "../status.ts";
import type { DeleteOptions, Draft, KubeObject } from "../types/meta.ts";
import { fromStored } from "./create.ts";
import { preconditionFailed, written } from "./update.ts";

const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";

/** The options of a DELETE: its body, or its query. Clients hide `dryRun` in either. */
export function readDeleteOptions(context: RequestContext): DeleteOptions {
  const { request } = context;
  const hasBody = request.body !== undefined && request.body !== "";
  let body: JsonObject | undefined;
  if (hasBody) {
    const { value } = readBody(request, (error) => errors.badRequest(error));
    if (!isObject(value)) throw errors.badRequest("expected DeleteOptions");
    body = value;
  }
  return deleteOptions(request.query, body);
}

/** Deletes the object of a request's name; returns it if it stays for now, else the Status that says it is gone. */
export function remove(context: RequestContext, options: DeleteOptions): KubeObject | Status {
  const { request } = context;
  const object = written(context, request.name);
  if (!object) throw errors.notFound(context.resource, request.name);
  return removeObject(context, object, options);
}

export function removeObject(context: RequestContext, object: KubeObject, options: DeleteOptions): KubeObject | Status {
  const { kind, store, registry } = context;
  const stored = registry.stored(kind);
  const { metadata } = object;
  const attributes = { context, operation: "DELETE", name: metadata.name, object: undefined, old: object } as const;
  admit(context.settings, attributes);
  checkPreconditions(context, object, options);
  validateAdmission(context.settings, attributes);

  const staying = kind.beginDelete?.(object, context);
  if (staying) return context.dryRun || staying === object ? staying : store.update(stored, staying, object);

  const grace = gracefully(context, object, options);
  if (grace === "pending") return fromStored(context, object);
  const unsaid = options.propagationPolicy === undefined && options.orphanDependents === undefined;
  if (unsaid && kind.orphansByDefault?.warning !== undefined) context.warn(kind.orphansByDefault.warning);
  const finalizers = finalizersFor(object, options, kind.orphansByDefault !== undefined);
  let last = object;
  if (grace !== "none" || finalizers.length > 0 || (metadata.finalizers?.length ?? 0) > 0) {
    const marked = mark(context, object, grace, finalizers);
    last = context.dryRun || marked === object ? marked : store.update(stored, marked, object);
  }
  if (finalizers.length > 0 || (grace !== "none" && grace.seconds > 0)) return fromStored(context, last);
  if (!context.dryRun) {
    last = store.delete(stored, last);
    kind.afterDelete?.(last, context);
  }
  if (kind.returnsDeleted) return fromStored(context, last);
  const { group } = kind;
  return success({ name: metadata.name, ...(group === "" ? {} : { group }), kind: kind.plural, uid: metadata.uid });
}

function checkPreconditions(context: RequestContext, object: KubeObject, { preconditions }: DeleteOptions): void {
  const { metadata } = object;
  if (preconditions?.uid !== undefined && preconditions.uid !== metadata.uid)
    throw preconditionFailed(
      context,
      object,
      `UID in precondition: ${preconditions.uid}, UID in object meta: ${metadata.uid}`,
    );
  const version = preconditions?.resourceVersion;
  if (version !== undefined && version !== metadata.resourceVersion)
    throw preconditionFailed(
      context,
      object,
      `ResourceVersion in precondition: ${version}, ResourceVersion in object meta: ${metadata.resourceVersion}`,
    );
}

/** What is to be done about a grace period: none, wait for the one that runs, or begin (or shorten) one. */
type Grace = "none" | "pending" | { readonly seconds: number; readonly until: string };

/** As apiserver/pkg/registry/rest/delete.go BeforeDelete. */
function gracefully(context: RequestContext, object: KubeObject, options: DeleteOptions): Grace {
  const { kind } = context;
  if (!kind.gracePeriod) return "none";
  const { deletionTimestamp, deletionGracePeriodSeconds: running } = object.metadata;
  const asked =
    options.gracePeriodSeconds === undefined || options.gracePeriodSeconds >= 0 ? options.gracePeriodSeconds : 1;
  if (deletionTimestamp !== undefined) {
    if (running === undefined || running === 0) return "none";
    if (asked === undefined || asked >= running) return "pending";
    const until = (parseRfc3339(deletionTimestamp) ?? context.now) + (asked - running) * SECOND;
    return { seconds: asked, until: rfc3339(until) };
  }
  const period = kind.gracePeriod(object, asked);
  const seconds = period < 0 ? 1 : period;
  return { seconds, until: rfc3339(context.now + seconds * SECOND) };
}

/** The finalizers after the garbage collector's were put on or taken off, as the client wants its dependents treated. */
function finalizersFor({ metadata }: KubeObject, options: DeleteOptions, byDefault: boolean): readonly string[] {
  const kept = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
  const has = (finalizer: string): boolean => metadata.finalizers?.includes(finalizer) ?? false;
  const policy = options.propagationPolicy;
  const orphan =
    options.orphanDependents ??
    (policy === undefined ? has(ORPHAN) || (byDefault && !has(FOREGROUND)) : policy === "Orphan");
  const foreground =
    options.orphanDependents === undefined && (policy === undefined ? has(FOREGROUND) : policy === "Foreground");
  if (orphan) kept.push(ORPHAN);
  else if (foreground) kept.push(FOREGROUND);
  return kept;
}

/** The object with the marks of its deletion. */
function mark(context: RequestContext, object: KubeObject, grace: Grace, finalizers: readonly string[]): KubeObject {
  const metadata: Draft<KubeObject["metadata"]> = { ...object.metadata } as Draft<KubeObject["metadata"]>;
  if (finalizers.length > 0) metadata.finalizers = [...finalizers];
  else delete metadata.finalizers;
  const first = metadata.deletionTimestamp === undefined;
  if (typeof grace === "object") {
    metadata.deletionTimestamp = grace.until;
    metadata.deletionGracePeriodSeconds = grace.seconds;
  } else if (finalizers.length > 0) {
    metadata.deletionTimestamp ??= context.nowText;
    metadata.deletionGracePeriodSeconds = 0;
  }
  if (first && metadata.deletionTimestamp !== undefined && metadata.generation !== undefined) metadata.generation++;
  const unchanged =
    metadata.deletionTimestamp === object.metadata.deletionTimestamp &&
    metadata.deletionGracePeriodSeconds === object.metadata.deletionGracePeriodSeconds &&
    (metadata.finalizers ?? []).join() === (object.metadata.finalizers ?? []).join();
  return unchanged ? object : { ...object, metadata };
}
