import type { JsonObject, Query } from "../../../sim/kube/api/index.ts";
import type { Mapping } from "../client/api-resource.ts";
import type { Factory } from "../client/factory.ts";
import type { ApiObject } from "../client/rest-client.ts";
import { GoError, isReason } from "../errors/go-error.ts";
import type { Json } from "../output/index.ts";
import type { Selection } from "./arguments.ts";
import type { Info } from "./info.ts";
import { PathResult } from "./paths.ts";
import { Result } from "./result.ts";
import type { FilenameOptions } from "./sources.ts";

/** Which things a command is about (cli-runtime pkg/resource/builder.go). */
export interface ResourceQuery {
  readonly files?: FilenameOptions;
  readonly selection?: Selection;
  /** The namespace to look in; empty with all namespaces. */
  readonly namespace: string;
  /** Objects of files must lie in it (`-n` was given). */
  readonly enforceNamespace?: boolean;
  readonly allNamespaces?: boolean;
  /** Label and field selectors; undefined if there is none. */
  readonly labels?: string | undefined;
  readonly fields?: string | undefined;
  /** `--all` */
  readonly selectAll?: boolean;
  /** `--all` is read behind the selectors: it is what does not go with them. */
  readonly selectAllLast?: boolean;
  /** A type alone means all of it. */
  readonly allowEmptySelector?: boolean;
  readonly chunkSize?: number;
  readonly subresource?: string;
  /** Lists are taken apart. */
  readonly flatten?: boolean;
  /** One failure does not keep the others from being tried. */
  readonly continueOnError?: boolean;
  /** Objects of files are fetched from the server. */
  readonly latest?: boolean;
  /** Things known by name are fetched. On unless said otherwise. */
  readonly requireObject?: boolean;
  readonly singleType?: boolean;
  /** Nothing is asked of a server. */
  readonly local?: boolean;
  /** What files hold is read into Go's types, and must fit them (Builder.WithScheme). */
  readonly typed?: boolean;
  /** In which form lists and objects are wanted. */
  readonly accept?: string;
  readonly query?: Query;
  /** Called for each document of a file before it is looked at. */
  readonly checkDocument?: (source: string, document: Json) => Promise<void>;
}

const MISSING = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/** Finds the things; throws what is wrong with the question. Nothing but types is asked of the server yet. */
export async function findResources(factory: Factory, query: ResourceQuery): Promise<Result> {
  const { selection = { tuples: [], types: [], names: [] }, files } = query;
  const { tuples, types, names } = selection;
  const selector = selectorOf(query, selection);
  if (files && (files.filenames.length > 0 || files.kustomize !== "")) {
    const paths = new PathResult(factory, query, files);
    if (types.length > 0)
      throw new GoError(
        "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
      );
    if (names.length > 0) throw new GoError("name cannot be provided when a path is specified");
    if (tuples.length > 0) throw new GoError("resource/name arguments cannot be provided when a path is specified");
    return paths.result(selector?.labels);
  }
  if (selector) return bySelector(factory, query, selection, selector);
  if (tuples.length > 0) return byTuples(factory, query, selection);
  if (names.length > 0) return byNames(factory, query, selection);
  const mapper = await factory.mapper();
  for (const type of types) await mapper.mappingFor(type);
  throw new GoError(types.length > 0 ? "resource(s) were provided, but no name was specified" : MISSING);
}

interface Selectors {
  readonly labels: string;
  readonly fields: string;
}

function selectorOf(query: ResourceQuery, { types, names }: Selection): Selectors | undefined {
  const labels = query.labels?.trim() ?? "";
  const fields = query.fields?.trim() ?? "";
  if (query.selectAll && query.selectAllLast && (labels !== "" || fields !== ""))
    throw new GoError("setting 'all' parameter but found a non empty selector. ");
  if (query.selectAll && labels !== "")
    throw new GoError(
      `found non-empty label selector ${JSON.stringify(query.labels)} with previously set 'all' parameter. `,
    );
  if (query.selectAll && fields !== "")
    throw new GoError(
      `found non-empty field selector ${JSON.stringify(query.fields)} with previously set 'all' parameter. `,
    );
  const everything = query.selectAll || (query.allowEmptySelector && types.length > 0 && names.length === 0);
  return labels !== "" || fields !== "" || everything ? { labels, fields } : undefined;
}

async function bySelector(
  factory: Factory,
  query: ResourceQuery,
  selection: Selection,
  selectors: Selectors,
): Promise<Result> {
  const { tuples, types, names } = selection;
  if (names.length > 0) throw new GoError("name cannot be provided when a selector is specified");
  if (tuples.length > 0)
    throw new GoError("selectors and the all flag cannot be used when passing resource/name arguments");
  if (types.length === 0) throw new GoError("at least one resource must be specified to use a selector");
  if (query.subresource) throw new GoError("subresource cannot be used when bulk resources are specified");
  const mappings = await mappingsOf(factory, query, types);
  return new Result(factory, query, {
    single: false,
    targetsSingleItems: false,
    mappings,
    sources: mappings.map((mapping) => () => lists(factory, query, mapping, selectors)),
  });
}

/** The lists of a type, chunk by chunk. */
async function* lists(
  factory: Factory,
  query: ResourceQuery,
  mapping: Mapping,
  { labels, fields }: Selectors,
): AsyncGenerator<Info> {
  const namespace = mapping.namespaced ? query.namespace : "";
  const helper = await factory.helper();
  let continued = "";
  do {
    const search: Query = {
      ...(continued === "" ? {} : { continue: [continued] }),
      ...(fields === "" ? {} : { fieldSelector: [fields] }),
      ...(labels === "" ? {} : { labelSelector: [labels] }),
      ...(query.chunkSize ? { limit: [String(query.chunkSize)] } : {}),
      ...query.query,
    };
    let object: ApiObject;
    try {
      object = await helper.list({ mapping, namespace }, search, query.accept);
    } catch (error) {
      if (isReason(error, "BadRequest") || isReason(error, "NotFound"))
        throw error.withMessage(listFailure(mapping, labels, fields, error.message));
      throw error;
    }
    yield { mapping, namespace, name: "", source: "", object, subresource: "" };
    continued = ((object["metadata"] as JsonObject | undefined)?.["continue"] as string | undefined) ?? "";
  } while (continued !== "");
}

function listFailure({ group, version, resource }: Mapping, labels: string, fields: string, message: string): string {
  const type = `${group}/${version}, Resource=${resource}`;
  if (labels === "" && fields === "") return `Unable to list ${JSON.stringify(type)}: ${message}`;
  return `Unable to find ${JSON.stringify(type)} that match label selector ${JSON.stringify(labels)}, field selector ${JSON.stringify(fields)}: ${message}`;
}

async function mappingsOf(factory: Factory, query: ResourceQuery, types: readonly string[]): Promise<Mapping[]> {
  if (types.length > 1 && query.singleType) throw new GoError("you may only specify a single resource type");
  const mapper = await factory.mapper();
  const mappings: Mapping[] = [];
  for (const type of types) {
    const mapping = await mapper.mappingFor(type);
    if (!mappings.some((known) => sameType(known, mapping))) mappings.push(mapping);
  }
  return mappings;
}

function sameType(left: Mapping, right: Mapping): boolean {
  return left.kind === right.kind && left.group === right.group && left.version === right.version;
}

async function byTuples(factory: Factory, query: ResourceQuery, { tuples, types }: Selection): Promise<Result> {
  if (types.length > 0)
    throw new GoError("you may not specify individual resources and bulk resources in the same call");
  const mapper = await factory.mapper();
  const mappings = new Map<string, Mapping>();
  for (const { type } of tuples) if (!mappings.has(type)) mappings.set(type, await mapper.mappingFor(type));
  if (query.singleType && new Set([...mappings.values()].map(({ group, resource }) => `${resource}.${group}`)).size > 1)
    throw new GoError("you may only specify a single resource type");
  const infos = tuples.map(({ type, name }) => namedInfo(query, mappings.get(type)!, name));
  return new Result(factory, query, {
    single: tuples.length === 1,
    targetsSingleItems: true,
    mappings: [...new Set(mappings.values())],
    sources: infos.map((info) => () => one(info)),
  });
}

async function byNames(factory: Factory, query: ResourceQuery, { types, names }: Selection): Promise<Result> {
  if (types.length === 0) throw new GoError("you must provide a resource and a resource name together");
  if (types.length > 1) throw new GoError("you must specify only one resource");
  const [mapping] = await mappingsOf(factory, query, types);
  const infos = names.map((name) => namedInfo(query, mapping!, name));
  return new Result(factory, query, {
    single: names.length === 1,
    targetsSingleItems: true,
    mappings: [mapping!],
    sources: infos.map((info) => () => one(info)),
  });
}

function namedInfo(query: ResourceQuery, mapping: Mapping, name: string): Info {
  if (mapping.namespaced && query.namespace === "")
    throw new GoError(
      query.allNamespaces
        ? "a resource cannot be retrieved by name across all namespaces"
        : "namespace may not be empty when retrieving a resource by name",
    );
  const namespace = mapping.namespaced ? query.namespace : "";
  return { mapping, namespace, name, source: "", object: undefined, subresource: query.subresource ?? "" };
}

async function* one(info: Info): AsyncGenerator<Info> {
  yield info;
}
