import type { RequestContext } from "../context.ts";
import { parameter } from "../request.ts";
import { exactField, fieldValue, matches, selectionOf, type Selection } from "../selectors/index.ts";
import { errors } from "../status.ts";
import { byCodeUnits } from "../store/rows.ts";
import { keyOf } from "../store/store.ts";
import type { KubeObject, ListMeta } from "../types/meta.ts";
import { fromStored } from "./create.ts";

export interface Listed {
  readonly items: readonly KubeObject[];
  readonly metadata: ListMeta;
}

export function get(context: RequestContext): KubeObject {
  const { request, store, registry, kind } = context;
  const object =
    store.get(registry.stored(kind), context.namespace, request.name) ??
    kind.computed?.(context, context.namespace).find(({ metadata }) => metadata.name === request.name);
  if (!object) throw errors.notFound(context.resource, request.name);
  return fromStored(context, object);
}

/** The objects of a collection, in the order of their keys, perhaps a page of them. */
export function list(context: RequestContext): Listed {
  const { query } = context.request;
  const selection = selectionOf(context.kind, query);
  const revision = context.store.revision;
  const from = parameter(query, "continue");
  checkResourceVersion(context, from);
  let items = select(context, selection);
  const limit = Number(parameter(query, "limit")) || 0;
  const page = from === "" ? undefined : readToken(from);
  if (page) items = items.filter(({ metadata }) => keyOf(metadata.namespace ?? "", metadata.name) > page.after);
  // Pages after the first are of the present, not of the revision of the first: nobody keeps the past.
  const metadata = { resourceVersion: String(page?.revision ?? revision) };
  if (limit <= 0 || items.length <= limit) return { items, metadata };
  const shown = items.slice(0, limit);
  const { namespace = "", name } = shown.at(-1)!.metadata;
  const rest = {
    continue: writeToken({ after: keyOf(namespace, name), revision: page?.revision ?? revision }),
    ...(selection.labels.length === 0 && selection.fields.length === 0
      ? { remainingItemCount: items.length - limit }
      : {}),
  };
  return { items: shown, metadata: { ...metadata, ...rest } };
}

/** All objects of the request's collection that a selection chooses, by an index where there is one. */
export function select(context: RequestContext, selection: Selection): readonly KubeObject[] {
  const { kind, store, registry, namespace } = context;
  const stored = registry.stored(kind);
  const convert = (objects: readonly KubeObject[]): readonly KubeObject[] =>
    kind.storedAs ? objects.map((object) => fromStored(context, object)) : objects;
  const all = (): readonly KubeObject[] =>
    kind.computed
      ? [...store.list(stored, namespace), ...kind.computed(context, namespace)].sort(byKey)
      : convert(store.list(stored, namespace));
  if (selection.labels.length === 0 && selection.fields.length === 0) return all();
  const chosen = (object: KubeObject): boolean => matches(kind, selection, object);
  if (kind.computed) return all().filter(chosen);

  const name = exactField(selection, "metadata.name");
  if (name !== undefined && (namespace !== "" || !kind.namespaced)) {
    const object = store.get(stored, namespace, name);
    return object ? convert([object]).filter(chosen) : [];
  }
  const field = kind.storedAs ? undefined : kind.indexed?.find((one) => exactField(selection, one) !== undefined);
  if (field !== undefined) {
    const rows = store.indexed(
      stored,
      field,
      (object) => [fieldValue(stored, field, object)],
      exactField(selection, field)!,
    );
    return rows.filter((object) => (namespace === "" || object.metadata.namespace === namespace) && chosen(object));
  }
  const label =
    selection.labels === "nothing"
      ? undefined
      : selection.labels.find(({ operator }) => operator === "=" || operator === "==");
  if (label) {
    const rows = store.indexed(stored, "labels", labelKeys, `${label.key}=${label.values[0]!}`);
    return convert(rows).filter(
      (object) => (namespace === "" || object.metadata.namespace === namespace) && chosen(object),
    );
  }
  return convert(store.list(stored, namespace)).filter(chosen);
}

function byKey({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number {
  return byCodeUnits(keyOf(a.namespace ?? "", a.name), keyOf(b.namespace ?? "", b.name));
}

/** The keys of the label index: `key=value`. */
export function labelKeys({ metadata }: KubeObject): readonly string[] {
  const { labels } = metadata;
  return labels ? Object.keys(labels).map((key) => `${key}=${labels[key]!}`) : [];
}

function checkResourceVersion(context: RequestContext, from: string): void {
  const { query } = context.request;
  const version = parameter(query, "resourceVersion");
  const match = parameter(query, "resourceVersionMatch");
  if (from !== "" && version !== "" && version !== "0")
    throw errors.badRequest("specifying resource version is not allowed when using continue");
  if (version === "" || version === "0") return;
  if (!/^\d+$/.test(version)) throw badVersion(version);
  const { revision } = context.store;
  if (Number(version) > revision) throw errors.tooLargeResourceVersion(Number(version), revision);
  if (match === "Exact" && Number(version) < revision) {
    const known = context.store.since(context.registry.stored(context.kind), Number(version));
    if (!known || known.length > 0) throw errors.expired("The resourceVersion for the provided list is too old.");
  }
}

export function badVersion(version: string): Error {
  return errors.badRequest(
    `invalid resource version: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
  );
}

interface Token {
  readonly after: string;
  readonly revision: number;
}

/** A continue token: base64 of JSON with the revision of the first page and the last key of this one. */
function writeToken({ after, revision }: Token): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: `${after}\u0000` })).toString(
    "base64url",
  );
}

function readToken(text: string): Token {
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(text, "base64url").toString()) as {
      v: string;
      rv: number;
      start: string;
    };
    if (v === "meta.k8s.io/v1" && typeof rv === "number" && typeof start === "string" && start.endsWith("\u0000"))
      return { after: start.slice(0, -1), revision: rv };
  } catch {
    // told below
  }
  throw errors.badRequest("invalid continue token: continue key is not valid: encoded start key is invalid");
}
