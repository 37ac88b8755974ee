import type { Operation, RequestContext } from "../context.ts";
import { errors, type StatusCause, type StatusError } from "../status.ts";
import type { Draft, KubeObject } from "../types/meta.ts";

/** What an admission plugin sees of a request. */
export interface Attributes {
  readonly context: RequestContext;
  readonly operation: Operation;
  readonly name: string;
  /** The new object, which mutating plugins may change; missing in deletions. */
  readonly object: Draft<KubeObject> | undefined;
  readonly old: KubeObject | undefined;
}

/** A step of the admission chain; it refuses by throwing a StatusError. */
export interface AdmissionPlugin {
  readonly name: string;
  readonly operations: readonly Operation[];
  /** Before validation; may change the object. */
  admit?(attributes: Attributes): void;
  /** After validation. */
  validate?(attributes: Attributes): void;
}

/** Forbidden as admission says it (admission.NewForbidden). */
export function refuse(
  { context, name, object }: Attributes,
  why: string,
  causes: readonly StatusCause[] = [],
): StatusError {
  const shown = name === "" ? (object?.metadata.name ?? "") : name;
  const generated = object?.metadata.generateName ?? "";
  return errors.forbidden(context.resource, shown === "" ? generated : shown, why, causes);
}

/** True if the request is about objects of that resource, not about a part of one. */
export function isAbout({ context }: Attributes, group: string, plural: string): boolean {
  return context.kind.group === group && context.kind.plural === plural && context.subresource === "";
}
