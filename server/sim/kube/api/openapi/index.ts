import { createHash } from "node:crypto";
import { apiVersion, type AnyKind, type GroupVersionKind } from "../kind.ts";
import type { Registry } from "../registry.ts";
import { schemaOf } from "../schema/kind-schema.ts";
import { hasStructType, typeId } from "../schema/types.ts";
import { customSchemas } from "./custom.ts";
import { customSchemaName, reference } from "./names.ts";
import { groupVersionPath, pathsOf } from "./paths.ts";
import { Schemas, type Schema } from "./schemas.ts";

/**
 * /openapi/v3 and the document of each group-version: paths with their parameters, and schemas with docs. Clients explain
 * fields from it, and see that the server validates fields itself. Undefined for other paths.
 */
export function openApi(registry: Registry, path: string): unknown {
  if (path !== "/openapi/v3" && !path.startsWith("/openapi/v3/")) return undefined;
  const groups = Map.groupBy(registry.kinds, groupVersionPath);
  if (path === "/openapi/v3") {
    const paths = [...groups].map(([prefix, kinds]) => [
      prefix,
      { serverRelativeURL: `/openapi/v3/${prefix}?hash=${hash(prefix, kinds)}` },
    ]);
    return { paths: Object.fromEntries(paths) as Record<string, unknown> };
  }
  const prefix = path.slice("/openapi/v3/".length);
  const kinds = groups.get(prefix);
  return kinds && document(prefix, kinds);
}

/** The documents of all group-versions. */
export function documentsOf(registry: Registry): readonly OpenApiDocument[] {
  return [...Map.groupBy(registry.kinds, groupVersionPath)].map(([prefix, kinds]) => document(prefix, kinds));
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Schema;
  readonly paths: Readonly<Record<string, Schema>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Documents are made once for all clusters of this process: by what makes them. */
const documents = new Map<string, OpenApiDocument>();
const DOCUMENTS = 200;

function document(prefix: string, kinds: readonly AnyKind[]): OpenApiDocument {
  const key = hash(prefix, kinds);
  let made = documents.get(key);
  if (!made) {
    if (documents.size >= DOCUMENTS) documents.clear();
    documents.set(key, (made = make(prefix, kinds)));
  }
  return made;
}

function make(prefix: string, kinds: readonly AnyKind[]): OpenApiDocument {
  const named = new Map<string, GroupVersionKind>();
  const name = ({ group, version, kind }: GroupVersionKind): void =>
    void named.set(typeId(group, version, kind), { group, version, kind });
  for (const kind of kinds) {
    name(kind);
    name({ ...kind, kind: listKind(kind) });
    for (const part of Object.values(kind.subresources ?? {})) if ("as" in part) name(part.as);
  }
  const [{ group, version }] = kinds as readonly [AnyKind];
  named.set("meta/v1.DeleteOptions", { group, version, kind: "DeleteOptions" });
  named.set("meta/v1.Status", { group: "", version: "v1", kind: "Status" });
  named.set("meta/v1.WatchEvent", { group, version, kind: "WatchEvent" });
  const notes = new Map(kinds.map((kind) => [typeId(kind.group, kind.version, kind.kind), kind.note]));
  const schemas = new Schemas(
    (id) => {
      const found = named.get(id);
      return found && [{ group: found.group, kind: found.kind, version: found.version }];
    },
    (id) => notes.get(id),
  );
  const custom = new Set<string>();
  for (const kind of kinds) {
    const schema = schemaOf(kind);
    if (schema.type !== "structural") continue;
    const refer = (id: string): Schema => schemas.refer(id);
    for (const [key, one] of customSchemas(kind, listKind(kind), schema.openApi, refer)) {
      custom.add(key);
      schemas.define(key, one);
    }
  }
  const refer = (id: string): Schema => (hasStructType(id) ? schemas.refer(id) : { type: "object" });
  const object = ({ group: of, version: at, kind }: GroupVersionKind): Schema => {
    const own = customSchemaName(of, at, kind);
    return custom.has(own) ? reference(own) : refer(typeId(of, at, kind));
  };
  const paths: Record<string, Schema> = {};
  for (const kind of kinds)
    Object.assign(
      paths,
      pathsOf(prefix, kind, {
        object,
        list: (of) => object({ group: of.group, version: of.version, kind: listKind(of) }),
        meta: (name) => refer(`meta/v1.${name}`),
      }),
    );
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.33.1" },
    paths,
    components: { schemas: schemas.sorted() },
  };
}

function listKind({ kind, listKind: name }: AnyKind): string {
  return name ?? `${kind}List`;
}

/** A hash of all that the document is made of: clients keep the document under it. */
function hash(prefix: string, kinds: readonly AnyKind[]): string {
  const facts = kinds.map((kind) => [
    apiVersion(kind), kind.kind, listKind(kind), kind.plural, kind.namespaced, kind.verbs, kind.note, kind.schema,
    Object.keys(kind.subresources ?? {}),
  ]); // prettier-ignore
  return createHash("sha512")
    .update(JSON.stringify([prefix, facts]))
    .digest("hex")
    .toUpperCase();
}
