import { ALL_VERBS, apiVersion, type AnyKind, type GroupVersionKind, type Subresource } from "../kind.ts";
import type { Verb } from "../request.ts";
import type { Schema } from "./schemas.ts";

/** A reference to the schema of a kind, of its list, or of a type of meta/v1 by its name. */
export interface References {
  object(kind: GroupVersionKind): Schema;
  list(kind: AnyKind): Schema;
  meta(name: string): Schema;
}

const MEDIA_TYPES = ["application/json", "application/yaml"];
const PATCH_TYPES = [
  "application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json",
  "application/strategic-merge-patch+json",
]; // prettier-ignore

/** Clients patch by what stands here: custom resources do not know strategic patches. */
function patchTypes({ schema }: AnyKind): readonly string[] {
  return schema?.type === "structural" ? PATCH_TYPES.filter((type) => !type.includes("strategic")) : PATCH_TYPES;
}

/** What OpenAPI calls the verbs, and what their operation ids and descriptions begin with. */
const METHODS: Record<Verb, { method: string; action: string; id: string; says: string }> = {
  get: { method: "get", action: "get", id: "read", says: "read the specified" },
  list: { method: "get", action: "list", id: "list", says: "list or watch objects of kind" },
  create: { method: "post", action: "post", id: "create", says: "create" },
  update: { method: "put", action: "put", id: "replace", says: "replace the specified" },
  patch: { method: "patch", action: "patch", id: "patch", says: "partially update the specified" },
  delete: { method: "delete", action: "delete", id: "delete", says: "delete" },
  deletecollection: { method: "delete", action: "deletecollection", id: "delete", says: "delete collection of" },
  watch: { method: "get", action: "watch", id: "watch", says: "watch" },
};

const OF_COLLECTIONS: readonly Verb[] = ["list", "create", "deletecollection"];
const OF_OBJECTS: readonly Verb[] = ["get", "update", "patch", "delete"];

const string = (name: string): Schema => ({ name, in: "query", schema: { type: "string", uniqueItems: true } });
const integer = (name: string): Schema => ({ name, in: "query", schema: { type: "integer", uniqueItems: true } });
const boolean = (name: string): Schema => ({ name, in: "query", schema: { type: "boolean", uniqueItems: true } });
const inPath = (name: string, description: string): Schema => ({
  name, in: "path", description, required: true, schema: { type: "string", uniqueItems: true },
}); // prettier-ignore

const WRITE = [string("dryRun"), string("fieldManager"), string("fieldValidation")];
const LIST = [
  boolean("allowWatchBookmarks"), string("continue"), string("fieldSelector"), string("labelSelector"), integer("limit"),
  string("resourceVersion"), string("resourceVersionMatch"), boolean("sendInitialEvents"), integer("timeoutSeconds"),
  boolean("watch"),
]; // prettier-ignore
const DELETE = [
  string("dryRun"),
  integer("gracePeriodSeconds"),
  boolean("orphanDependents"),
  string("propagationPolicy"),
];

/** What a verb takes in its query; clients look for `fieldValidation` to know that the server validates. */
const PARAMETERS: Record<Verb, readonly Schema[]> = {
  get: [],
  list: LIST,
  watch: LIST,
  create: WRITE,
  update: WRITE,
  patch: [...WRITE, boolean("force")],
  delete: DELETE,
  deletecollection: [...DELETE, ...LIST.filter(({ name }) => name !== "watch" && name !== "allowWatchBookmarks")],
};

/** The paths of one kind, its subresources included. */
export function pathsOf(prefix: string, kind: AnyKind, to: References): Record<string, Schema> {
  const verbs = kind.verbs ?? ALL_VERBS;
  const root = `/${prefix}/${kind.namespaced ? "namespaces/{namespace}/" : ""}${kind.plural}`;
  const paths: Record<string, Schema> = {};
  const add = (path: string, item: Schema | undefined): void => {
    if (item) paths[path] = item;
  };
  if (kind.namespaced && verbs.includes("list"))
    add(`/${prefix}/${kind.plural}`, item(["list"], { kind, to, scope: "ForAllNamespaces" }, []));
  add(
    root,
    item(
      OF_COLLECTIONS.filter((verb) => verbs.includes(verb)),
      { kind, to },
      scope(kind, false),
    ),
  );
  add(
    `${root}/{name}`,
    item(
      OF_OBJECTS.filter((verb) => verbs.includes(verb)),
      { kind, to },
      scope(kind, true),
    ),
  );
  for (const [name, part] of Object.entries(kind.subresources ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))
    add(`${root}/{name}/${name}`, item(part.verbs, { kind, to, part, name }, scope(kind, true)));
  return paths;
}

function scope({ kind, namespaced }: AnyKind, named: boolean): Schema[] {
  return [
    ...(named ? [inPath("name", `name of the ${kind}`)] : []),
    ...(namespaced ? [inPath("namespace", "object name and auth scope, such as for teams and projects")] : []),
  ];
}

interface Subject {
  readonly kind: AnyKind;
  readonly to: References;
  readonly part?: Subresource;
  readonly name?: string;
  readonly scope?: string;
}

function item(verbs: readonly Verb[], subject: Subject, parameters: readonly Schema[]): Schema | undefined {
  if (verbs.length === 0) return undefined;
  const operations = verbs.map((verb) => [METHODS[verb].method, operation(verb, subject)] as const);
  return { ...Object.fromEntries(operations), parameters: [...parameters, string("pretty")] };
}

function operation(verb: Verb, { kind, to, part, name, scope: suffix = "" }: Subject): Schema {
  const { action, id, says } = METHODS[verb];
  const as: GroupVersionKind = part && "as" in part ? part.as : kind;
  const group = kind.group === "" ? "core" : kind.group.split(".")[0]!;
  const namespaced = kind.namespaced && suffix === "" ? "Namespaced" : "";
  const isStream = part?.type === "stream";
  return {
    tags: [`${group}_${kind.version}`],
    description: `${says} ${name === undefined ? "" : `${name} of the specified `}${kind.kind}`,
    operationId: `${id}${capital(group)}${capital(kind.version)}${verb === "deletecollection" ? "Collection" : ""}${namespaced}${kind.kind}${capital(name ?? "")}${suffix}`,
    ...(PARAMETERS[verb].length > 0 && !isStream ? { parameters: PARAMETERS[verb] } : {}),
    ...requestBody(verb, as, kind, to, isStream),
    responses: {
      ...responses(verb, as, kind, to, isStream),
      401: { description: "Unauthorized" },
    },
    "x-kubernetes-action": isStream ? "connect" : action,
    "x-kubernetes-group-version-kind": { group: as.group, version: as.version, kind: as.kind },
  };
}

function requestBody(verb: Verb, as: GroupVersionKind, kind: AnyKind, to: References, isStream: boolean): Schema {
  if (isStream) return {};
  if (verb === "create" || verb === "update")
    return { requestBody: { content: content(["*/*"], to.object(as)), required: true } };
  if (verb === "patch")
    return { requestBody: { content: content(patchTypes(kind), to.meta("Patch")), required: true } };
  if (verb === "delete" || verb === "deletecollection")
    return { requestBody: { content: content(["*/*"], to.meta("DeleteOptions")) } };
  return {};
}

function responses(verb: Verb, as: GroupVersionKind, kind: AnyKind, to: References, isStream: boolean): Schema {
  const says = (schema: Schema, description: string): Schema => ({
    description,
    content: content(MEDIA_TYPES, schema),
  });
  if (isStream) return { 200: says({ type: "string" }, "OK") };
  switch (verb) {
    case "list":
      return { 200: says(to.list(kind), "OK") };
    case "create":
      return {
        200: says(to.object(as), "OK"),
        201: says(to.object(as), "Created"),
        202: says(to.object(as), "Accepted"),
      };
    case "update":
    case "patch":
      return { 200: says(to.object(as), "OK"), 201: says(to.object(as), "Created") };
    case "delete":
      return { 200: says(to.meta("Status"), "OK"), 202: says(to.meta("Status"), "Accepted") };
    case "deletecollection":
      return { 200: says(to.meta("Status"), "OK") };
    default:
      return { 200: says(to.object(as), "OK") };
  }
}

function content(types: readonly string[], schema: Schema): Schema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function capital(text: string): string {
  return text === "" ? "" : text[0]!.toUpperCase() + text.slice(1);
}

/** `apis/apps/v1`, `api/v1`. */
export function groupVersionPath(kind: AnyKind): string {
  return `${kind.group === "" ? "api" : "apis"}/${apiVersion(kind)}`;
}
