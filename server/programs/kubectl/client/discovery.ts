import type { Process } from "../../../sim/host/index.ts";
import { GoError, NotSimulated } from "../errors/go-error.ts";
import type { ApiResource } from "./api-resource.ts";
import { DiscoveryCache } from "./discovery-cache.ts";
import { klog, klogValue } from "./klog.ts";
import type { RestClient } from "./rest-client.ts";

const AGGREGATED =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

interface Document {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly { readonly version: string; readonly resources?: readonly DiscoveredResource[] }[];
  }[];
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind?: Partial<Kind>;
  readonly scope: string;
  readonly singularResource?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs?: readonly string[];
  readonly subresources?: readonly {
    readonly subresource: string;
    readonly responseKind?: Partial<Kind>;
    readonly verbs?: readonly string[];
  }[];
}

/**
 * What types a server has (client-go discovery, cached in files). A user's later calls do not ask again: with the server down
 * they still know the types. All groups and versions in the server's order.
 */
export class Discovery {
  readonly #process: Process;
  readonly #client: RestClient;
  readonly #cache: DiscoveryCache;
  #resources: readonly ApiResource[] | undefined;
  #invalidated = false;
  /** Whether the answer was asked for by this call. */
  fresh = false;

  /** @param folder `--cache-dir` */
  constructor(process: Process, client: RestClient, folder: string) {
    this.#process = process;
    this.#client = client;
    this.#cache = new DiscoveryCache(process, folder, client.config.server);
  }

  async resources(): Promise<readonly ApiResource[]> {
    if (this.#resources) return this.#resources;
    const cached = this.#invalidated ? undefined : this.#cache.read();
    return cached ? (this.#resources = cached) : this.#fetch();
  }

  /** Whether the server has a group of APIs now (DiscoveryClient.ServerGroups: nothing is remembered). */
  async hasGroup(group: string): Promise<boolean> {
    await this.#client.object({ method: "GET", path: "/api", accept: AGGREGATED });
    const groups = await this.#client.object({ method: "GET", path: "/apis", accept: AGGREGATED });
    return readDocument(groups).some((resource) => resource.group === group);
  }

  /** Short names could not be looked up (restmapper/shortcut.go). */
  async withoutShortNames(error: GoError): Promise<void> {
    if (this.#client.verbosity < 1) return;
    await klog(this.#process, "I", "shortcut.go:103", `Error loading discovery information: ${error.message}`);
  }

  /** Forgets what is known; the next question goes to the server. */
  invalidate(): void {
    this.#resources = undefined;
    this.#invalidated = true;
  }

  async #fetch(): Promise<readonly ApiResource[]> {
    const query = { timeout: ["32s"] };
    try {
      const core = await this.#client.object({ method: "GET", path: "/api", query, accept: AGGREGATED });
      const groups = await this.#client.object({ method: "GET", path: "/apis", query, accept: AGGREGATED });
      this.#resources = [...readDocument(core), ...readDocument(groups)];
    } catch (error) {
      if (error instanceof GoError && !(error instanceof NotSimulated)) {
        const why = `couldn't get current server API group list: ${error.message}`;
        await klog(this.#process, "E", "memcache.go:265", `"Unhandled Error" err=${klogValue(why)}`);
        const skipped = `skipped caching discovery info due to ${error.message}`;
        if (this.#client.verbosity >= 3) await klog(this.#process, "I", "cached_discovery.go:120", skipped);
      }
      throw error;
    }
    this.fresh = true;
    this.#cache.write(this.#resources);
    return this.#resources;
  }
}

function readDocument({ items = [] }: Document): ApiResource[] {
  return items.flatMap(({ metadata, versions = [] }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.map((resource) => readResource(metadata?.name ?? "", version, resource)),
    ),
  );
}

function readResource(group: string, version: string, resource: DiscoveredResource): ApiResource {
  const own = (kind: Partial<Kind> = {}): Kind => ({
    group: kind.group || group,
    version: kind.version || version,
    kind: kind.kind ?? "",
  });
  return {
    group,
    version,
    name: resource.resource,
    singular: resource.singularResource ?? "",
    kind: own(resource.responseKind).kind,
    namespaced: resource.scope === "Namespaced",
    shortNames: resource.shortNames ?? [],
    categories: resource.categories ?? [],
    verbs: resource.verbs ?? [],
    subresources: (resource.subresources ?? []).map(({ subresource, responseKind, verbs = [] }) => ({
      name: subresource,
      ...own(responseKind),
      verbs,
    })),
  };
}
