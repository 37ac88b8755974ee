import { groupResource, type ApiResource } from "../../client/api-resource.ts";
import type { RestMapper } from "../../client/rest-mapper.ts";
import { GoError } from "../../errors/go-error.ts";
import type { PathNode } from "../../output/jsonpath/node.ts";
import { parseTemplate, PathSyntaxError } from "../../output/jsonpath/parser.ts";

/** The type that a path of fields begins with, and the rest of the path (kubectl pkg/explain/explain.go). */
export interface ResourceRequest {
  readonly resource: ApiResource;
  readonly path: readonly string[];
}

/** SplitAndParseResourceRequest: with a version given, the first word is the type. */
export async function resourceIn(text: string, mapper: RestMapper): Promise<ResourceRequest> {
  const [first, ...rest] = pathNodes(text);
  const [resource = ""] = fieldNames([first!], "first node must be field node");
  const path = fieldNames(rest, "all nodes must be field nodes");
  return { resource: await mapper.resourceFor({ group: "", version: "", resource }), path };
}

/** SplitAndParseResourceRequestWithMatchingPrefix: its name may go on with its group, `ingresses.networking.k8s.io.spec`. */
export async function resourceAt(text: string, mapper: RestMapper): Promise<ResourceRequest> {
  const [first, ...rest] = pathNodes(text);
  const [name = ""] = fieldNames([first!], "first node must be field node");
  const resources = await mapper.resourcesFor(name);
  for (const resource of resources) {
    const full = groupResource({ group: resource.group, resource: resource.name });
    if (!text.startsWith(full)) continue;
    const suffix = text.slice(full.length);
    const nodes = suffix === "" ? [] : pathNodes(suffix).slice(1);
    return { resource, path: fieldNames(nodes, "first node must be field node") };
  }
  return { resource: resources[0]!, path: fieldNames(rest, "first node must be field node") };
}

function pathNodes(text: string): readonly PathNode[] {
  try {
    const [only, ...more] = parseTemplate(`{.${text.replace(/\.$/, "")}}`);
    if (only?.kind !== "list" || more.length > 0) throw new GoError("must pass in 1 jsonpath string");
    return only.nodes;
  } catch (error) {
    throw error instanceof PathSyntaxError ? new GoError(error.message) : error;
  }
}

function fieldNames(nodes: readonly PathNode[], otherwise: string): string[] {
  return nodes.map((node) => {
    if (node.kind !== "field") throw new GoError(`invalid jsonpath syntax, ${otherwise}`);
    return node.name;
  });
}
