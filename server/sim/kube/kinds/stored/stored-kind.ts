import {
  anyKind, names, sameJson, typeId, type AnyKind, type Cell, type Column, type Draft, type FieldErrors, type JsonObject, type Kind, type KubeObject,
  type Verb,
} from "../../api/index.ts"; // prettier-ignore
import type { Time } from "../../../kernel/index.ts";
import { validateBySchema } from "./schema-rules.ts";

/** An object of a kind that is only kept: what its fields are stands in the schema. */
export type Stored = KubeObject & {
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly [field: string]: unknown;
};

/** What is to be said of a kind that is served, validated and printed, and does nothing. */
export interface StoredKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced?: boolean;
  readonly verbs?: readonly Verb[];
  /** What does not happen here: it ends the documentation of the kind. */
  readonly note?: string;
  /** Whoever writes one is warned of that, because it would be missed elsewhere: a policy that refuses nothing. */
  readonly warns?: boolean;
  /** Has a part that only `/status` writes. */
  readonly status?: boolean;
  /** Counts changes of everything but metadata and status. */
  readonly generation?: boolean;
  readonly columns: readonly Column[];
  cells(object: Stored, now: Time): readonly Cell[];
  defaults?(draft: Draft<Stored>): void;
  /** Fields of the spec that belong to features that are off in v1.33: they are forgotten without a word. */
  readonly disabled?: readonly string[];
  /** Complaints besides those that the schema makes. */
  validate?(object: Stored, old: Stored | undefined): FieldErrors;
  /** False: `validate` finds all there is to complain about. */
  readonly bySchema?: false;
  warnings?(object: Stored): readonly string[];
  /** Fields that the schema requires and the server does not: they may be null. */
  readonly nullable?: readonly string[];
  readonly deprecation?: string;
  readonly computed?: NonNullable<Kind<Stored>["computed"]>;
  /** Those that are computed can be written, too; this follows when one has been deleted. */
  readonly afterDelete?: NonNullable<Kind<Stored>["afterDelete"]>;
  readonly afterStore?: NonNullable<Kind<Stored>["afterStore"]>;
}

/** Makes a kind of such a description. */
export function storedKind(given: StoredKind): AnyKind {
  const { group, kind, plural, namespaced = false, note, validate, status, generation } = given;
  const version = "v1";
  const id = typeId(group, version, kind);
  const check = (object: Stored, old: Stored | undefined): FieldErrors => [
    ...(given.bySchema === false ? [] : validateBySchema(id, object)).filter(
      ({ field }) => !given.nullable?.includes(field),
    ),
    ...(validate?.(object, old) ?? []),
  ];
  const dropDisabled = ({ spec }: Draft<Stored>): void => {
    for (const field of given.disabled ?? []) delete spec?.[field];
  };
  const made: Kind<Stored> = {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    ...(given.shortNames ? { shortNames: given.shortNames } : {}),
    ...(given.categories ? { categories: given.categories } : {}),
    ...(given.verbs ? { verbs: given.verbs } : {}),
    ...(given.deprecation === undefined ? {} : { deprecation: given.deprecation }),
    ...(given.computed ? { computed: given.computed } : {}),
    ...(given.afterDelete ? { afterDelete: given.afterDelete, writesComputed: true } : {}),
    ...(given.afterStore ? { afterStore: given.afterStore } : {}),
    ...(given.defaults ? { defaults: given.defaults } : {}),
    ...(given.warns && note !== undefined ? { warnings: () => [note] } : {}),
    ...(given.warnings ? { warnings: given.warnings } : {}),
    ...(note === undefined ? {} : { note }),
    namespaced,
    columns: given.columns,
    cells: given.cells,
    nameRule: names.forNames(names.subdomain),
    prepareCreate(draft) {
      dropDisabled(draft);
      if (status) draft.status = {};
      if (generation) draft.metadata.generation = 1;
    },
    prepareUpdate(draft, old) {
      dropDisabled(draft);
      if (status) draft.status = old.status;
      if (generation && !sameJson(withoutMetadata(draft), withoutMetadata(old)))
        draft.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validate: (object) => check(object, undefined),
    validateUpdate: check,
    ...(status
      ? {
          subresources: {
            status: {
              type: "part",
              verbs: ["get", "patch", "update"],
              prepareUpdate(draft, old) {
                draft.spec = old.spec;
              },
            },
          },
        }
      : {}),
  };
  return anyKind(made);
}

function withoutMetadata(object: Stored): object {
  return { ...object, metadata: undefined };
}

/** A member of a structure, where the schema says what it is. */
export function member<T>(object: Stored | JsonObject | undefined, ...path: readonly string[]): T | undefined {
  let value: unknown = object;
  for (const name of path)
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return value as T | undefined;
}
