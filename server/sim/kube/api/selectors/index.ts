import type { AnyKind } from "../kind.ts";
import { parameter, type Query } from "../request.ts";
import { errors } from "../status.ts";
import type { KubeObject } from "../types/meta.ts";
import { parseFieldSelector, type FieldTerm } from "./fields.ts";
import { matchesLabels, parseLabelSelector, type Selector } from "./labels.ts";

/** Which objects of a resource a request is about. */
export interface Selection {
  readonly labels: Selector;
  readonly fields: readonly FieldTerm[];
}

/** Reads `labelSelector` and `fieldSelector`; throws the server's BadRequest for what it cannot use. */
export function selectionOf(kind: AnyKind, query: Query): Selection {
  const labels = parseLabelSelector(parameter(query, "labelSelector"));
  if (typeof labels === "object" && "error" in labels) throw errors.badRequest(labels.error);
  const fields = parseFieldSelector(parameter(query, "fieldSelector"));
  if ("error" in fields) throw errors.badRequest(fields.error);
  for (const { field } of fields) if (!isSelectable(kind, field)) throw unknownField(kind, field);
  return { labels, fields };
}

export function matches(kind: AnyKind, { labels, fields }: Selection, object: KubeObject): boolean {
  for (const { field, equal, value } of fields) if ((fieldValue(kind, field, object) === value) !== equal) return false;
  return labels.length === 0 || matchesLabels(labels, object.metadata.labels);
}

export function fieldValue(kind: AnyKind, field: string, object: KubeObject): string {
  if (field === "metadata.name") return object.metadata.name;
  if (field === "metadata.namespace") return object.metadata.namespace ?? "";
  return kind.fields![field]!(object);
}

/** The value that a field must have, if the selection says so. */
export function exactField({ fields }: Selection, field: string): string | undefined {
  return fields.find((term) => term.field === field && term.equal)?.value;
}

function isSelectable(kind: AnyKind, field: string): boolean {
  if (field === "metadata.name") return true;
  if (field === "metadata.namespace") return kind.namespaced || kind.fields === undefined;
  return kind.fields !== undefined && Object.hasOwn(kind.fields, field);
}

/** Kinds with fields of their own have a conversion of their own, with other words (runtime.DefaultMetaV1FieldSelectorConversion). */
function unknownField(kind: AnyKind, field: string): Error {
  return errors.badRequest(
    kind.fields
      ? `field label not supported: ${field}`
      : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}
