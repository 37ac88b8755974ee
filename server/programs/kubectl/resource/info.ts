import type { Mapping } from "../client/api-resource.ts";
import type { ApiObject } from "../client/rest-client.ts";

/** A thing that a command works on: where it is, and what is known of it (cli-runtime pkg/resource Info). */
export interface Info {
  readonly mapping: Mapping;
  readonly namespace: string;
  readonly name: string;
  /** The file that it was read from, `STDIN`, or empty. */
  readonly source: string;
  /** As read from the file or the server; undefined while only its name is known. */
  readonly object: ApiObject | undefined;
  readonly subresource: string;
}

/** What is read most of an object. */
export function metadataOf(object: ApiObject | undefined): Readonly<Record<string, unknown>> {
  const metadata = object?.["metadata"];
  return typeof metadata === "object" && metadata !== null && !Array.isArray(metadata) ? metadata : {};
}

export function nameOf(object: ApiObject | undefined): string {
  const name = metadataOf(object)["name"];
  return typeof name === "string" ? name : "";
}

export function namespaceOf(object: ApiObject | undefined): string {
  const namespace = metadataOf(object)["namespace"];
  return typeof namespace === "string" ? namespace : "";
}

/** The object in that namespace; an empty one removes the field. */
export function withNamespace(object: ApiObject, namespace: string): ApiObject {
  const { namespace: _, ...rest } = metadataOf(object) as Record<string, never>;
  return { ...object, metadata: namespace === "" ? rest : { ...rest, namespace } };
}

/** Lists carry `items` and a kind that ends in `List`. */
export function isList(object: ApiObject): boolean {
  return Array.isArray(object["items"]);
}
