import { sameJson } from "../equality.ts";
import type { JsonValue } from "../json.ts";
import type { TimeText } from "../types/meta.ts";
import { union } from "./field-set.ts";
import { readFields, type Fields } from "./fields.ts";

/** metav1.ManagedFieldsEntry: the fields that one manager owns by one way of writing. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time?: TimeText;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: Fields;
  readonly subresource?: string;
}

export type ManagedFields = readonly ManagedFieldsEntry[];

/** More managers than these who update are put together, the oldest first (internal/fieldmanager.go). */
const MAX_UPDATERS = 10;
const ANCIENT = "ancient-changes";

/** Whether two entries are of the same manager (BuildManagerIdentifier). Who applies is the same one in all versions. */
export function sameManager(a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === "Apply" || a.apiVersion === b.apiVersion)
  );
}

/** Whether the same managers own the same fields, whenever they came to (ignoreManagedFieldsTimestampsTransformer). */
export function sameButTimes(a: ManagedFields, b: ManagedFields): boolean {
  return (
    a.length === b.length &&
    a.every((entry) => {
      const other = b.find((one) => sameManager(one, entry));
      return other !== undefined && other.apiVersion === entry.apiVersion && sameJson(other.fieldsV1, entry.fieldsV1);
    })
  );
}

/** The identifier of a manager as text, by which upstream sorts. */
export function identifier({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  return JSON.stringify({
    ...(manager ? { manager } : {}),
    operation,
    ...(operation === "Apply" ? {} : { apiVersion }),
    ...(subresource ? { subresource } : {}),
  });
}

/** An entry with its members in the order in which Go writes them. */
export function entryOf(entry: ManagedFieldsEntry): ManagedFieldsEntry {
  const { manager, operation, apiVersion, time, fieldsV1, subresource } = entry;
  return {
    ...(manager ? { manager } : {}),
    operation,
    apiVersion,
    ...(time ? { time } : {}),
    fieldsType: "FieldsV1",
    fieldsV1,
    ...(subresource ? { subresource } : {}),
  };
}

/** As sortEncodedManagedFields: who applies first, then by time and name. */
export function sorted(entries: readonly ManagedFieldsEntry[]): ManagedFields {
  if (entries.length < 2) return entries;
  return entries.toSorted(
    (a, b) =>
      order(a.operation, b.operation) ||
      order(a.time ?? "", b.time ?? "") ||
      order(a.manager ?? "", b.manager ?? "") ||
      order(a.apiVersion, b.apiVersion) ||
      order(a.subresource ?? "", b.subresource ?? ""),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Puts the oldest updates together until there are few enough (internal/capmanagers.go). */
export function capped(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  let count = 0;
  for (const { operation } of entries) if (operation === "Update") count++;
  if (count <= MAX_UPDATERS) return entries;
  const updaters = entries
    .filter(({ operation }) => operation === "Update")
    .sort((a, b) => order(a.time ?? "", b.time ?? "") || order(identifier(a), identifier(b)));
  let left: readonly ManagedFieldsEntry[] = entries;
  const first = new Map<string, ManagedFieldsEntry>();
  for (const entry of updaters) {
    if (count <= MAX_UPDATERS) break;
    const { apiVersion } = entry;
    const bucket: ManagedFieldsEntry = {
      manager: ANCIENT,
      operation: "Update",
      apiVersion,
      fieldsType: "FieldsV1",
      fieldsV1: {},
    };
    const begun = first.get(apiVersion);
    if (!begun) {
      first.set(apiVersion, entry);
      continue;
    }
    const there = left.find((one) => sameManager(one, bucket)) ?? begun;
    const merged = entryOf({
      ...bucket,
      ...(entry.time ? { time: entry.time } : {}),
      fieldsV1: union(entry.fieldsV1, there.fieldsV1),
    });
    left = [...left.filter((one) => one !== entry && one !== there), merged];
    count--;
  }
  return left;
}

/** Reads what a client says about managers; undefined if it makes no sense, in which case the server does not listen. */
export function readManagedFields(value: JsonValue | undefined): ManagedFields | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const entries: ManagedFieldsEntry[] = [];
  for (const item of value) {
    const entry = item as unknown as Partial<ManagedFieldsEntry>;
    if (entry.operation !== "Apply" && entry.operation !== "Update") return undefined;
    if (!entry.apiVersion || entry.fieldsType !== "FieldsV1") return undefined;
    const fieldsV1 = readFields(entry.fieldsV1 ?? {});
    if (!fieldsV1) return undefined;
    entries.push(entryOf({ ...(entry as ManagedFieldsEntry), fieldsV1 }));
  }
  return entries;
}

/** Whether a client asks to forget all managers: an empty list, or one empty entry. */
export function isReset(value: JsonValue | undefined): boolean {
  if (!Array.isArray(value)) return false;
  if (value.length === 0) return true;
  return value.length === 1 && Object.keys(value[0] as object).length === 0;
}
