import { names, resourcePath, type JsonObject, type Query, type WatchEvent } from "../../../sim/kube/api/index.ts";
import type { Time } from "../../../sim/kernel/index.ts";
import type { Stream } from "../transport.ts";
import { GoError } from "../errors/go-error.ts";
import type { Mapping } from "./api-resource.ts";
import type { ApiObject, Request, RestClient } from "./rest-client.ts";

export const TABLE =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

export type PatchType = "strategic" | "merge" | "json" | "apply";

const PATCH_TYPES: Record<PatchType, string> = {
  strategic: "application/strategic-merge-patch+json",
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};

/** How a write is done: what goes into its query. */
export interface WriteOptions {
  readonly fieldManager?: string;
  readonly fieldValidation?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/** One thing, or a namespace's things, of a type. */
export interface Place {
  readonly mapping: Mapping;
  readonly namespace: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** The requests on objects of a type (cli-runtime pkg/resource/helper.go). */
export class Helper {
  readonly #client: RestClient;

  constructor(client: RestClient) {
    this.#client = client;
  }

  async get(place: Place, accept?: string): Promise<ApiObject> {
    mustBeNamed(place);
    return this.#client.object(request("GET", place, {}, accept));
  }

  /** A list, or a Table. */
  async list(place: Place, query: Query, accept?: string): Promise<ApiObject> {
    return this.#client.object(request("GET", place, query, accept));
  }

  async watch(place: Place, query: Query, accept?: string, deadline?: Time): Promise<Stream<WatchEvent>> {
    const limit = deadline === undefined ? {} : { deadline };
    return this.#client.watch({ ...request("GET", place, { ...query, watch: ["true"] }, accept), ...limit });
  }

  /** What comes from a server, and is to be made anew, loses its version on the way (Create with modify). */
  async create(place: Place, body: JsonObject, options: WriteOptions): Promise<ApiObject> {
    return this.#client.object({ ...request("POST", place, writeQuery(options)), body: withoutVersion(body) });
  }

  async replace(place: Place, body: JsonObject, options: WriteOptions): Promise<ApiObject> {
    mustBeNamed(place);
    return this.#client.object({ ...request("PUT", place, writeQuery(options)), body });
  }

  async patch(place: Place, type: PatchType, body: string, options: WriteOptions): Promise<ApiObject> {
    mustBeNamed(place);
    return this.#client.object({
      ...request("PATCH", place, writeQuery(options)),
      contentType: PATCH_TYPES[type],
      body,
    });
  }

  async delete(place: Place, options: JsonObject): Promise<ApiObject> {
    mustBeNamed(place);
    return this.#client.object({ ...request("DELETE", place, {}), body: options });
  }
}

/** client-go rest/request.go Name: not even sent. */
function mustBeNamed({ name }: Place): void {
  if (!name) throw new GoError("resource name may not be empty");
  const wrong = names.pathSegment(name);
  if (wrong.length > 0) throw new GoError(`invalid resource name ${JSON.stringify(name)}: [${wrong.join(" ")}]`);
}

function request(method: Request["method"], place: Place, query: Query, accept?: string): Request {
  const { mapping, namespace, name = "", subresource = "" } = place;
  const { group, version, resource } = mapping;
  const path = resourcePath({
    group,
    version,
    resource,
    namespace: mapping.namespaced ? namespace : "",
    name,
    subresource,
  });
  // The client for scales knows no group (client-go scale).
  const subject = { group: subresource === "scale" ? "" : group, resource, name };
  return { method, path, query, subject, ...(accept === undefined ? {} : { accept }) };
}

function withoutVersion(object: JsonObject): JsonObject {
  const metadata = object["metadata"] as JsonObject | undefined;
  if (!metadata?.["resourceVersion"]) return object;
  const { resourceVersion: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

/** In the order in which Go encodes a query. */
function writeQuery({ dryRun, fieldManager, fieldValidation, force }: WriteOptions): Query {
  return {
    ...(dryRun ? { dryRun: ["All"] } : {}),
    ...(fieldManager ? { fieldManager: [fieldManager] } : {}),
    ...(fieldValidation ? { fieldValidation: [fieldValidation] } : {}),
    ...(force === undefined ? {} : { force: [String(force)] }),
  };
}
