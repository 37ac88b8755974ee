import { quote } from "../go-syntax.ts";
import { errors, type StatusError } from "../status.ts";
import { difference, isEmpty, paths } from "./field-set.ts";
import { pathText, type Fields } from "./fields.ts";
import { identifier, type ManagedFieldsEntry } from "./managers.ts";

/** Fields that an apply would take from a manager. */
export interface Conflict {
  readonly with: ManagedFieldsEntry;
  readonly fields: Fields;
}

/** The refusal of an apply (managedfields/internal/conflict.go), managers in the order of their identifiers. */
export function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const listed = conflicts
    .toSorted((a, b) => (identifier(a.with) < identifier(b.with) ? -1 : 1))
    .map((conflict) => ({ manager: managerText(conflict.with), paths: paths(conflict.fields).map(pathText) }));
  const all = listed.flatMap(({ manager, paths }) => paths.map((path) => ({ manager, path })));
  const causes = all.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${manager}`,
    field: path,
  }));
  if (all.length === 1)
    return errors.applyConflict(
      `Apply failed with 1 conflict: conflict with ${all[0]!.manager}: ${all[0]!.path}`,
      causes,
    );
  const lines = listed.flatMap(({ manager, paths }) => [
    `conflicts with ${manager}:`,
    ...paths.map((path) => `- ${path}`),
  ]);
  return errors.applyConflict(`Apply failed with ${all.length} conflicts: ${lines.join("\n")}`, causes);
}

/** `"kubectl" with subresource "scale" using apps/v1`; who applied is told by name alone. */
function managerText({ manager = "", subresource, operation, apiVersion }: ManagedFieldsEntry): string {
  const where = subresource ? ` with subresource ${quote(subresource)}` : "";
  return `${quote(manager)}${where}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
}

/** The conflicts without those about fields that may be taken. */
export function conflictsWithout(conflicts: readonly Conflict[], allowed: Fields): Conflict[] {
  return conflicts
    .map((conflict) => ({ ...conflict, fields: difference(conflict.fields, allowed) }))
    .filter(({ fields }) => !isEmpty(fields));
}
