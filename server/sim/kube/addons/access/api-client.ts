import type { DaemonProcess, Process } from "../../../host/index.ts";
import { ApiLink } from "../../access/link.ts";
import type { RestConfig } from "../../access/rest-config.ts";
import { isFailure, resourcePath, type JsonObject, type KubeObject, type Verb } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";

/** A kind as a client of its own code names it; it need not be served. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** A request that did not succeed, in client-go's words. */
export class ApiFailure extends Error {
  /** The server's reason; absent if it was not reached. */
  readonly reason: string | undefined;

  constructor(message: string, reason?: string) {
    super(message);
    this.reason = reason;
  }
}

interface Call {
  readonly verb: Verb;
  readonly name?: string;
  readonly namespace?: string;
  readonly subresource?: string;
  readonly contentType?: string;
  readonly body?: JsonObject;
}

const METHODS: Partial<Record<Verb, string>> = { create: "Post", update: "Put", patch: "Patch", delete: "Delete" };

/**
 * The requests of an add-on's process: over its network, with its own credentials, to kinds that need not exist. What the
 * server refuses is thrown as ApiFailure.
 */
export class ApiClient {
  readonly #link: ApiLink;
  readonly #agent: string;

  constructor(self: DaemonProcess | Process, agent: string, config: () => RestConfig | { readonly error: string }) {
    this.#link = new ApiLink(self, config);
    this.#agent = agent;
  }

  get cluster(): Cluster | undefined {
    const found = this.#link.find();
    return "cluster" in found ? found.cluster : undefined;
  }

  get open(): boolean {
    return this.#link.open;
  }

  /** The object; undefined if there is none of that name. */
  get<T extends KubeObject>(resource: Resource, name: string, namespace = ""): T | undefined {
    try {
      return this.#send(resource, { verb: "get", name, namespace }) as T;
    } catch (error) {
      if (error instanceof ApiFailure && error.reason === "NotFound" && error.message.endsWith("not found"))
        return undefined;
      throw error;
    }
  }

  list<T extends KubeObject>(resource: Resource, namespace = ""): readonly T[] {
    return (this.#send(resource, { verb: "list", namespace }) as { readonly items: readonly T[] }).items;
  }

  create<T extends KubeObject>(resource: Resource, body: JsonObject, namespace = ""): T {
    return this.#send(resource, { verb: "create", namespace, body }) as T;
  }

  update<T extends KubeObject>(resource: Resource, object: T): T {
    const { name, namespace = "" } = object.metadata;
    return this.#send(resource, { verb: "update", name, namespace, body: object as unknown as JsonObject }) as T;
  }

  delete(resource: Resource, name: string, namespace = ""): void {
    this.#send(resource, { verb: "delete", name, namespace });
  }

  patch<T extends KubeObject>(
    resource: Resource,
    target: { readonly name: string; readonly namespace?: string; readonly subresource?: string },
    body: JsonObject,
    type = "strategic-merge-patch+json",
  ): T {
    return this.#send(resource, { verb: "patch", ...target, body, contentType: `application/${type}` }) as T;
  }

  /** Does something to an object: asks for a token. */
  act(resource: Resource, name: string, namespace: string, subresource: string, body: JsonObject): JsonObject {
    return this.#send(resource, { verb: "create", name, namespace, subresource, body }) as JsonObject;
  }

  #send(
    resource: Resource,
    { verb, name = "", namespace = "", subresource = "", contentType = "", body }: Call,
  ): unknown {
    const found = this.#link.find();
    const target = { ...resource, namespace, name, subresource };
    if ("error" in found) {
      if (found.error === "Unauthorized" || this.#link.server === undefined)
        throw new ApiFailure(found.error, found.error === "Unauthorized" ? "Unauthorized" : undefined);
      const path = resourcePath(verb === "create" && subresource === "" ? { ...target, name: "" } : target);
      throw new ApiFailure(`${METHODS[verb] ?? "Get"} "${this.#link.server}${path}": ${found.error}`);
    }
    const response = found.cluster.api.handle({
      verb,
      ...target,
      query: {},
      accept: "application/json",
      contentType,
      userAgent: this.#agent,
      user: found.user,
      body,
    });
    if (isFailure(response)) throw new ApiFailure(response.object.message ?? "", response.object.reason);
    return response.kind === "object" ? response.object : {};
  }
}
