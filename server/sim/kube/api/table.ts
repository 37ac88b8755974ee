import { parseRfc3339, type Time } from "../../kernel/index.ts";
import { humanDuration } from "./duration.ts";
import { apiVersion, type AnyKind, type Cell, type Column } from "./kind.ts";
import type { Form } from "./negotiate.ts";
import { errors } from "./status.ts";
import type { KubeObject, ListMeta } from "./types/meta.ts";

/** metav1.Table: rows that the server has drawn, and what it knows of their columns. */
export interface Table {
  readonly kind: "Table";
  readonly apiVersion: string;
  readonly metadata: Partial<ListMeta>;
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly TableRow[];
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly Cell[];
  readonly conditions?: readonly unknown[];
  readonly object?: unknown;
}

/** What a row carries besides its cells (`includeObject`). */
export type IncludeObject = "Object" | "Metadata" | "None";

export function includeObjectOf(value: string): IncludeObject {
  if (value === "" || value === "Metadata") return "Metadata";
  if (value === "Object" || value === "None") return value;
  throw errors.badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: "${value}": must be 'Metadata', 'Object', 'None', or empty`,
  );
}

const definitions = new WeakMap<readonly Column[], readonly ColumnDefinition[]>();

export function columnDefinitions(columns: readonly Column[]): readonly ColumnDefinition[] {
  let known = definitions.get(columns);
  if (!known) {
    known = columns.map(({ name, type = "string", format = "", description = "", priority = 0 }) => ({
      name,
      type,
      format,
      description,
      priority,
    }));
    definitions.set(columns, known);
  }
  return known;
}

export function tableOf(
  kind: AnyKind,
  objects: readonly KubeObject[],
  metadata: Partial<ListMeta>,
  now: Time,
  options: { version: Form["version"]; include: IncludeObject; headers?: boolean },
): Table {
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata,
    columnDefinitions: options.headers === false ? null : columnDefinitions(kind.columns),
    rows: objects.map((object) => rowOf(kind, object, now, options)),
  };
}

function rowOf(
  kind: AnyKind,
  object: KubeObject,
  now: Time,
  { version, include }: { version: Form["version"]; include: IncludeObject },
): TableRow {
  const conditions = kind.rowConditions?.(object);
  const cells = kind.cells(object, now);
  if (include === "None") return conditions ? { cells, conditions } : { cells };
  const shown = include === "Object" ? withType(kind, object) : partialMetadata(object, version);
  return conditions ? { cells, conditions, object: shown } : { cells, object: shown };
}

export function partialMetadata(object: KubeObject, version: Form["version"]): unknown {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}

/** A stored object as it is answered: with kind and apiVersion. */
export function withType<T extends KubeObject>(kind: AnyKind, object: T): T & { kind: string; apiVersion: string } {
  return { kind: kind.kind, apiVersion: apiVersion(kind), ...object };
}

/** The age cell: time since then, `<unknown>` if there is none. */
export function age(time: string | null | undefined, now: Time): string {
  const then = time ? parseRfc3339(time) : undefined;
  return then === undefined ? "<unknown>" : humanDuration(now - then);
}

export const NAME: Column = { name: "Name", format: "name" };
export const AGE: Column = { name: "Age" };
