import type { RequestContext } from "../context.ts";
import { exactField, fieldValue, matches, selectionOf, type Selection } from "../selectors/index.ts";
import { errors } from "../status.ts";
import { byCodeUnits } from "../store/rows.ts";
import { keyOf } from "../store/store.ts";
import type { KubeObject, ListMeta } from "../types/meta.ts";
import { readContinue, writeContinue, type Continue } from "./continue.ts";
import { fromStored } from "./create.ts";
import { listOptions, type ListOptions } from "./list-options.ts";

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

/**
 * The objects of a collection, in the order of their keys, perhaps a page of them. All pages are of the revision of the first
 * one, for as long as what was written since is known.
 */
export function list(context: RequestContext): Listed {
  const options = listOptions(context.request.query, false);
  if (options.continue !== "" && options.resourceVersion !== "" && options.resourceVersion !== "0")
    throw errors.badRequest("specifying resource version is not allowed when using continue");
  const selection = selectionOf(context.kind, context.request.query);
  const page = options.continue === "" ? undefined : readContinue(options.continue);
  const wanted = page?.revision ?? exactRevision(context, options);
  const now = context.store.revision;
  const revision = wanted === undefined || wanted < 0 ? now : wanted;
  let items = revision === now ? select(context, selection) : selectAt(context, selection, revision, page);
  if (page) items = items.filter((object) => keyOfObject(object) > page.after);
  const metadata = { resourceVersion: String(revision) };
  const { limit } = options;
  if (limit <= 0 || items.length <= limit) return { items, metadata };
  const shown = items.slice(0, limit);
  const rest = {
    continue: writeContinue({ after: keyOfObject(shown.at(-1)!), revision }),
    ...(selection.labels.length === 0 && selection.fields.length === 0
      ? { remainingItemCount: items.length - limit }
      : {}),
  };
  return { items: shown, metadata: { ...metadata, ...rest } };
}

function keyOfObject({ metadata }: KubeObject): string {
  return keyOf(metadata.namespace ?? "", metadata.name);
}

/** The objects as they were at a revision of the past; throws Expired if that is forgotten. */
function selectAt(
  context: RequestContext,
  selection: Selection,
  revision: number,
  page: Continue | undefined,
): readonly KubeObject[] {
  const { kind, store, registry, namespace } = context;
  const stored = registry.stored(kind);
  const changes = store.since(stored, revision);
  if (!changes) {
    if (!page) throw errors.expired("The resourceVersion for the provided list is too old.");
    throw errors.expiredContinue(writeContinue({ after: page.after, revision: -1 }));
  }
  // What the first change since then found is what was there.
  const then = new Map<string, KubeObject | undefined>();
  for (const { object, previous } of changes) {
    const key = keyOfObject(object);
    if (!then.has(key)) then.set(key, previous);
  }
  const objects = store.list(stored, namespace).filter((object) => !then.has(keyOfObject(object)));
  for (const previous of then.values())
    if (previous && (namespace === "" || previous.metadata.namespace === namespace)) objects.push(previous);
  return objects
    .sort((a, b) => byCodeUnits(keyOfObject(a), keyOfObject(b)))
    .map((object) => fromStored(context, object))
    .filter((object) => matches(kind, selection, object));
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

/** The revision of which the client wants the list; undefined if any will do that is not older than it says. */
function exactRevision(context: RequestContext, options: ListOptions): number | undefined {
  const { resourceVersion: version, match, limit } = options;
  if (version === "" || version === "0") return undefined;
  if (!/^\d+$/.test(version)) throw badVersion(version);
  const { revision } = context.store;
  if (Number(version) > revision) throw errors.tooLargeResourceVersion(Number(version), revision);
  // A page without `resourceVersionMatch` is one of that very revision, for old clients.
  return match === "Exact" || (match === "" && limit > 0) ? Number(version) : undefined;
}

export function badVersion(version: string): Error {
  return errors.badRequest(
    `invalid resource version: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
  );
}
