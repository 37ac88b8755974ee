import { GoError } from "../errors/go-error.ts";
import { checkMetadata } from "./metadata.ts";
import { Resource } from "./resource.ts";
import { fromJson, toJson } from "./yaml/json.ts";
import { parseDocuments, MalformedYaml } from "./yaml/parse.ts";
import type { Node } from "./yaml/node.ts";

const LOCAL = "config.kubernetes.io/local-config";

/** The objects of a text, those of lists each by itself (api/resource/factory.go SliceFromBytes). */
export function readResources(text: string): Resource[] {
  const nodes = usable(parseDocuments(text));
  const resources: Resource[] = [];
  for (let node = nodes.shift(); node; node = nodes.shift()) {
    const kind = node.textOf("kind");
    if (!kind.endsWith("List")) {
      resources.push(new Resource(node));
      continue;
    }
    const items = node.get("items");
    if (items === undefined || items.isNull) continue;
    if (items.kind !== "list")
      throw new GoError(`expected array in ${kind}/items, but found ${items.kind === "map" ? "map[string]interface {}" : "string"}`); // prettier-ignore
    nodes.push(...usable(items.items.map((item) => fromJson(toJson(item)))));
  }
  return resources;
}

function usable(nodes: readonly Node[]): Node[] {
  return nodes.filter((node) => {
    if (node.isEmpty) return false;
    checkMetadata(node);
    return true;
  });
}

/** With the file's name where the text is no YAML (api/internal/kusterr). */
export function inFile(error: unknown, path: string): unknown {
  if (!(error instanceof MalformedYaml)) return error;
  return new MalformedYaml(`MalformedYAMLError: ${error.message} in File: ${path}`);
}

/** Whether an object is only for tools, not for the cluster. */
export function isLocal(resource: Resource): boolean {
  const value = resource.annotations[LOCAL];
  return value !== undefined && value !== "false";
}
