import { decode as decodeType, hasStructType, isObject, typeId, type JsonObject } from "../../../sim/kube/api/index.ts";
import { parseGroupVersion, type Mapping } from "../client/api-resource.ts";
import type { RestMapper } from "../client/rest-mapper.ts";
import { Aggregate, GoError, NoKindMatch } from "../errors/go-error.ts";
import { isFailure } from "../output/failure.ts";
import { sortedKeys, type Json } from "../output/golang/kind.ts";
import { encodeJson } from "../output/json.ts";
import { readYaml } from "../yaml/read.ts";
import { isList, nameOf, namespaceOf, type Info } from "./info.ts";

/** A document of a file, or an error that ends the file. */
export type DocumentResult = { readonly value: Json; readonly raw: string } | { readonly error: string };

/** The documents of a YAML or JSON text, as apimachinery pkg/util/yaml YAMLOrJSONDecoder splits and reads them. */
export function* readDocuments(text: string): Generator<DocumentResult> {
  let rest = text;
  while (/^\s*\{/.test(rest)) {
    const length = jsonLength(rest);
    if (length === undefined) return yield { error: "unexpected EOF" };
    const value = parseJson(rest.slice(0, length));
    if (value === undefined) break;
    yield { value, raw: rest.slice(0, length).trim() };
    rest = rest.slice(length);
  }
  if (rest.trim() === "") return;
  for (const chunk of splitDocuments(rest)) {
    const read = readYaml(chunk);
    if (isFailure(read)) {
      const converting = read.error.startsWith("yaml: ") || read.error.startsWith("unsupported");
      return yield { error: converting ? `error converting YAML to JSON: ${read.error}` : read.error };
    }
    if (read.value !== null) yield { value: read.value, raw: encodeJson(read.value) };
  }
}

/** Splits at lines that begin with `---`, with nothing but a comment behind (YAMLReader). */
function splitDocuments(text: string): string[] {
  const chunks: string[] = [];
  let chunk = "";
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (/^---\s*(#|$)/.test(line.trimEnd()) && chunk !== "") {
      chunks.push(chunk);
      chunk = "";
    } else chunk += line;
  }
  if (chunk !== "") chunks.push(chunk);
  return chunks;
}

/** Where the first JSON value of a text ends; undefined if it does not. */
function jsonLength(text: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return at + 1;
  }
  return undefined;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** An object of a file as something to work on. Throws why it cannot be (cli-runtime pkg/resource/mapper.go). */
export async function infoOf(
  document: { value: Json; raw: string },
  source: string,
  mapper: () => Promise<RestMapper>,
): Promise<Info> {
  const object = asObject(document, source);
  const mapping = await mappingOfObject(object, source, await mapper());
  return { mapping, namespace: namespaceOf(object), name: nameOf(object), source, object, subresource: "" };
}

/** Throws why Go's types cannot hold an object: the kind is none of theirs, a field is of another type. */
export function checkType({ value }: { value: Json; raw: string }, source: string): void {
  if (isObject(value) && isList(value)) return checkItems(value);
  const problem = typeProblem(value);
  if (problem !== undefined) throw new GoError(`unable to decode ${JSON.stringify(source)}: ${problem}`);
}

function typeProblem(value: Json): string | undefined {
  if (!isObject(value) || !value["kind"]) return undefined;
  const { apiVersion = "", kind } = value;
  if (typeof kind !== "string" || typeof apiVersion !== "string") return undefined;
  const { group, version } = parseGroupVersion(apiVersion);
  const id = typeId(group, version, kind);
  if (!REGISTERED.has(group))
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/scheme/scheme.go:28"`;
  return hasStructType(id) ? decodeType(id, inKeyOrder(value)).error : undefined;
}

/** The items of a list are read together: each that does not fit is told, and without the name of the file. */
function checkItems(list: JsonObject): void {
  const errors: GoError[] = [];
  for (const item of (list["items"] ?? []) as Json[]) {
    const problem = typeProblem(item);
    if (problem !== undefined) errors.push(new GoError(problem));
  }
  if (errors.length > 0) throw new Aggregate(errors);
}

/** The groups whose types kubectl has, in old versions as well (kubectl pkg/scheme). */
const REGISTERED: ReadonlySet<string> = new Set([
  "", "admissionregistration.k8s.io", "apps", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch",
  "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "extensions",
  "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy",
  "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
]); // prettier-ignore

/** An object without asking a server what it is (`--local`). */
export function localInfo(document: { value: Json; raw: string }, source: string): Info {
  const object = asObject(document, source);
  const { group, version } = parseGroupVersion(object["apiVersion"] as string);
  const kind = object["kind"] as string;
  const mapping: Mapping = {
    group,
    version,
    kind,
    resource: `${kind.toLowerCase()}s`,
    namespaced: namespaceOf(object) !== "",
  };
  return { mapping, namespace: namespaceOf(object), name: nameOf(object), source, object, subresource: "" };
}

/** The objects in a list, lists within included; the object itself if it is none. */
export function flatten(object: JsonObject): JsonObject[] {
  if (!isList(object)) return [object];
  const kind = object["kind"] as string;
  const itemKind = kind.endsWith("List") && kind !== "List" ? kind.slice(0, -4) : undefined;
  return (object["items"] as JsonObject[]).flatMap((item) => {
    const typed =
      itemKind !== undefined && item["kind"] === undefined
        ? { apiVersion: object["apiVersion"]!, kind: itemKind, ...item }
        : item;
    return flatten(typed);
  });
}

export async function mappingOfObject(object: JsonObject, source: string, mapper: RestMapper): Promise<Mapping> {
  const { group, version } = parseGroupVersion((object["apiVersion"] as string | undefined) ?? "");
  try {
    return await mapper.mappingOf(group, version, object["kind"] as string);
  } catch (error) {
    // A version is looked for even if there is none.
    const why = version === "" ? `no matches for kind ${JSON.stringify(object["kind"])} in version ""` : undefined;
    if (error instanceof NoKindMatch)
      throw new GoError(
        `resource mapping not found for name: ${JSON.stringify(nameOf(object))} namespace: ${JSON.stringify(namespaceOf(object))} from ${JSON.stringify(source)}: ${why ?? error.message}\nensure CRDs are installed first`,
      );
    if (error instanceof GoError) throw new GoError(`unable to recognize ${JSON.stringify(source)}: ${error.message}`);
    throw error;
  }
}

function asObject({ value, raw }: { value: Json; raw: string }, source: string): JsonObject {
  const cannot = (why: string): GoError => new GoError(`unable to decode ${JSON.stringify(source)}: ${why}`);
  const typeOf = (given: unknown): string =>
    Array.isArray(given) ? "array" : given === null ? "null" : typeof given === "boolean" ? "bool" : typeof given;
  if (!isObject(value))
    throw cannot(`json: cannot unmarshal ${typeOf(value)} into Go value of type unstructured.detector`);
  const { kind, apiVersion } = value;
  for (const [name, given] of [
    ["kind", kind],
    ["apiVersion", apiVersion],
  ] as const)
    if (given !== undefined && given !== null && typeof given !== "string")
      throw cannot(`json: cannot unmarshal ${typeOf(given)} into Go struct field detector.${name} of type string`);
  if (!kind) throw cannot(`Object 'Kind' is missing in '${raw}'`);
  if (!isList(value) && value["metadata"] !== undefined) {
    const metadata = value["metadata"];
    if (!isObject(metadata) && metadata !== null)
      throw cannot(
        `json: cannot unmarshal ${typeOf(metadata)} into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta`,
      );
    const { error } = decodeType("meta/v1.ObjectMeta", inKeyOrder(metadata ?? {}));
    if (error) throw cannot(error.replace("struct field ObjectMeta.", "struct field ObjectMeta.metadata."));
  }
  const odd = isList(value) ? ((value["items"] ?? []) as Json[]).find((item) => !isObject(item)) : undefined;
  if (odd !== undefined)
    throw cannot(`json: cannot unmarshal ${typeOf(odd)} into Go value of type map[string]interface {}`);
  return inKeyOrder(value) as JsonObject;
}

/** Objects go out with their keys in order: a server that tells the first thing that is wrong tells the first by that. */
function inKeyOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (!isObject(value)) return value;
  return Object.fromEntries(sortedKeys(value).map((key) => [key, inKeyOrder(value[key]!)]));
}
