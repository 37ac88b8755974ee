import type { AnyKind, ApiRequest, ApiResponse, ApiServer, KubeObject } from "../../../sim/kube/api/index.ts";
import type { World } from "../../../sim/world/index.ts";
import type { ObjectChange } from "../../protocol/index.ts";
import { milliseconds } from "./commands.ts";
import { fieldChanges } from "./field-changes.ts";

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete", "deletecollection"]);
/** So many changes of a session are told. */
const MOST = 5_000;

/**
 * Writes down what people change over the Kubernetes API. Components of the cluster and service accounts (`system:…`) are
 * not people.
 */
export function watchChanges(world: World): { all(): ObjectChange[] } {
  const changes: ObjectChange[] = [];
  for (const { api } of world.clusters.list())
    api.audit = (request, answer) => {
      const kind = watched(api, request);
      if (!kind) return answer();
      const before = namesIn(api, kind, request);
      const response = answer();
      if (response.kind !== "object" || response.code >= 400) return response;
      const at = milliseconds(world.now);
      for (const name of new Set([...before.keys(), nameOf(request, response)])) {
        const change = compare(before.get(name), api.store.get(kind, request.namespace, name), request.verb);
        if (change === undefined || changes.length >= MOST) continue;
        changes.push({
          at,
          ...change,
          resource: kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`,
          kind: kind.kind,
          namespace: request.namespace,
          name,
          user: request.user.name,
        });
      }
      return response;
    };
  return { all: () => changes };
}

/** The kind that a request may change, if it is one of a person. */
function watched(api: ApiServer, { path, verb, user, query, group, resource }: ApiRequest): AnyKind | undefined {
  if (path !== undefined || !WRITES.has(verb) || user.name.startsWith("system:") || query["dryRun"]) return undefined;
  return api.registry.storedBy(group, resource);
}

/** What a request is about, as it is now, by name. */
function namesIn(api: ApiServer, kind: AnyKind, { verb, namespace, name }: ApiRequest): Map<string, KubeObject> {
  if (verb === "deletecollection")
    return new Map(api.store.list(kind, namespace).map((object) => [object.metadata.name, object]));
  const object = name === "" ? undefined : api.store.get(kind, namespace, name);
  return new Map(object ? [[name, object]] : []);
}

/** The server may have made the name. */
function nameOf({ name }: ApiRequest, response: ApiResponse & { kind: "object" }): string {
  if (name !== "") return name;
  const { metadata } = response.object as Partial<KubeObject>;
  return metadata?.name ?? "";
}

function compare(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  asked: string,
): Pick<ObjectChange, "verb" | "fields" | "more"> | undefined {
  if (before?.metadata.resourceVersion === after?.metadata.resourceVersion) return undefined;
  if (before === undefined) return { verb: "created", fields: [], more: false };
  // It may wait for its finalizers or its containers.
  if (after === undefined || asked.startsWith("delete")) return { verb: "deleted", fields: [], more: false };
  return { verb: "changed", ...fieldChanges(before, after) };
}
