import type { Process } from "../../../sim/host/index.ts";
import { HOUR, type Time } from "../../../sim/kernel/index.ts";
import { GoError, NotSimulated } from "../errors/go-error.ts";
import type { ApiResource } from "./api-resource.ts";
import { klog, klogValue } from "./klog.ts";
import type { RestClient } from "./rest-client.ts";

const AGGREGATED =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/** How long what was discovered counts (kubectl's cache under ~/.kube/cache). */
const LIFE = 6 * HOUR;

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
  readonly subresources?: readonly { readonly subresource: string; readonly responseKind?: Partial<Kind> }[];
}

interface CacheRow {
  readonly at: Time;
  readonly resources: readonly ApiResource[];
}

/**
 * What types a server has (client-go discovery, cached). As with the real client's cache files, a user's later calls do not
 * ask again: with the server down they still know the types. All groups and versions in the server's order.
 */
export class Discovery {
  readonly #process: Process;
  readonly #client: RestClient;
  #resources: readonly ApiResource[] | undefined;
  /** Whether the answer was asked for by this call. */
  fresh = false;

  constructor(process: Process, client: RestClient) {
    this.#process = process;
    this.#client = client;
  }

  async resources(): Promise<readonly ApiResource[]> {
    if (this.#resources) return this.#resources;
    const cached = this.#table.get(this.#key);
    if (cached && cached.at + LIFE > this.#process.kernel.now) return (this.#resources = cached.resources);
    return this.#fetch();
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
    this.#table.delete(this.#key);
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
    this.#table.set(this.#key, { at: this.#process.kernel.now, resources: this.#resources });
    return this.#resources;
  }

  get #table() {
    return this.#process.kernel.state.table<string, CacheRow>("kubectl/discovery", { quiet: true });
  }

  get #key(): string {
    return `${this.#process.host.name} ${this.#process.env["HOME"] ?? ""} ${this.#client.config.server}`;
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
    subresources: (resource.subresources ?? []).map(({ subresource, responseKind }) => ({
      name: subresource,
      ...own(responseKind),
    })),
  };
}
