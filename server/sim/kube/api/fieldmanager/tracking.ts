import type { RequestContext } from "../context.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { apiVersion } from "../kind.ts";
import { parameter } from "../request.ts";
import type { Draft, KubeObject } from "../types/meta.ts";
import { afterUpdate, type Write } from "./field-manager.ts";
import { isReset, readManagedFields, type ManagedFields } from "./managers.ts";
import { versionedType } from "./type-of.ts";

const MAX_MANAGER = 128;
const NOBODY: ManagedFields = [];

/** The write that a request makes, for the account of who owns what. */
export function writeOf(context: RequestContext): Write {
  const { kind, registry } = context;
  const stored = registry.stored(kind);
  return {
    type: versionedType(kind, context.subresource),
    manager: managerOf(context),
    subresource: context.subresource,
    now: context.nowText,
    convert(object, version) {
      if (version === apiVersion(kind)) return { object, type: versionedType(kind, context.subresource) };
      const other = registry.kinds.find(
        (one) => registry.stored(one) === stored && apiVersion(one) === version && one.kind === kind.kind,
      );
      if (!other) return undefined;
      const typed = object as unknown as KubeObject;
      const inStored = kind.storedAs ? kind.storedAs.toStored(typed) : typed;
      const converted = other.storedAs ? other.storedAs.fromStored(inStored) : inStored;
      return { object: converted as unknown as JsonObject, type: versionedType(other, context.subresource) };
    },
  };
}

/** `fieldManager`, or the program that asks (handlers/create.go managerOrUserAgent). */
export function managerOf({ request }: RequestContext): string {
  const given = parameter(request.query, "fieldManager");
  if (given !== "") return given;
  const slash = request.userAgent.indexOf("/");
  const program = slash < 0 ? request.userAgent : request.userAgent.slice(0, slash);
  return program.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "").slice(0, MAX_MANAGER);
}

/** Who owns what of a new object, once its defaults are set. */
export function trackCreate(context: RequestContext, draft: Draft<KubeObject>): ManagedFields {
  const given = givenBy(draft);
  return afterUpdate(writeOf(context), given ?? NOBODY, undefined, draft);
}

/** Who owns what after an update, which may say itself who shall be taken for an owner. */
export function trackUpdate(context: RequestContext, draft: Draft<KubeObject>, old: KubeObject): ManagedFields {
  const live = old.metadata.managedFields ?? NOBODY;
  const { managedFields } = draft.metadata as { managedFields?: unknown };
  const settable = context.subresource === "" && managedFields !== undefined;
  if (settable && isReset(managedFields as JsonValue)) return NOBODY;
  const given = settable ? givenBy(draft) : undefined;
  const managed = given && given.length > 0 ? given : live;
  return afterUpdate(writeOf(context), managed, old as unknown as JsonObject, draft);
}

function givenBy(draft: Draft<KubeObject>): ManagedFields | undefined {
  return readManagedFields((draft.metadata as { managedFields?: unknown }).managedFields as JsonValue | undefined);
}
