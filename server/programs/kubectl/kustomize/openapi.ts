import { createRequire } from "node:module";

/** How a patch's list is put into what is there: by keys, as a set of plain values (no keys), or as a whole. */
export interface ListMerge {
  readonly keys: readonly string[];
}

/** The type of a field, as far as patches go by it. */
export interface FieldSchema {
  /** A member's type; `undefined` where it does not matter. */
  field(name: string): FieldSchema | undefined;
  /** The type of a list's elements. */
  readonly elements: FieldSchema | undefined;
  /** Set for lists that are merged. */
  readonly merge: ListMerge | undefined;
}

/**
 * The OpenAPI document that is built into kustomize 5.6 (Kubernetes 1.21.2), cut down to what patches read (generate.ts): for
 * each type its fields as `type`, or for lists that are merged `[type, keys]`; `*` stands for a map's values.
 */
interface Table {
  readonly clusterScoped: readonly string[];
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string | readonly [string, string]>>>>;
}

const require = createRequire(import.meta.url);
let table: Table | undefined;
let clusterScoped: ReadonlySet<string> | undefined;

function loaded(): Table {
  return (table ??= require("./openapi.json") as Table);
}

/** Whether the kind is known to lie in no namespace. */
export function isClusterScoped({ group, version, kind }: { group: string; version: string; kind: string }): boolean {
  clusterScoped ??= new Set(loaded().clusterScoped);
  return clusterScoped.has(`${group === "" ? "" : `${group}/`}${version} ${kind}`);
}

/** The type of an object; undefined if it is none that was built in. */
export function schemaOf(apiVersion: string, kind: string): FieldSchema | undefined {
  const id = loaded().kinds[`${apiVersion} ${kind}`];
  return id === undefined ? undefined : new Schema(id, undefined);
}

class Schema implements FieldSchema {
  readonly #id: string;
  readonly merge: ListMerge | undefined;

  constructor(id: string, merge: ListMerge | undefined) {
    this.#id = id;
    this.merge = merge;
  }

  field(name: string): FieldSchema | undefined {
    const type = loaded().types[this.#id];
    const field = type?.[name] ?? type?.["*"];
    if (field === undefined) return undefined;
    if (typeof field === "string") return new Schema(field, undefined);
    return new Schema(field[0], { keys: field[1] === "" ? [] : field[1].split(" ") });
  }

  get elements(): FieldSchema | undefined {
    return new Schema(this.#id, undefined);
  }
}
