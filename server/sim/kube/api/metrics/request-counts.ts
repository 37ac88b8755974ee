import type { Kernel, Table } from "../../../kernel/index.ts";
import type { ApiRequest, ApiResponse, Verb } from "../request.ts";
import type { Sample } from "./exposition.ts";

const VERBS: Readonly<Record<Verb, string>> = {
  get: "GET",
  list: "LIST",
  watch: "WATCH",
  create: "POST",
  update: "PUT",
  patch: "PATCH",
  delete: "DELETE",
  deletecollection: "DELETECOLLECTION",
};

/** Those that are handed a connection. */
const CONNECTED = new Set(["attach", "exec", "portforward", "proxy"]);
/** The paths that are no resource and yet counted (healthz.InstallPathHandler). */
const HEALTH = /^\/(healthz|livez|readyz)$/;

/** Counts what the server has answered, as apiserver/pkg/endpoints/metrics MonitorRequest does. */
export class RequestCounts {
  /** By code, dry run, group, resource, scope, subresource, verb and version, joined with `|`. */
  readonly #counts: Table<string, number>;

  constructor(kernel: Kernel, cluster: string) {
    this.#counts = kernel.state.table(`kube/${cluster}/requests`, { quiet: true });
  }

  count(request: ApiRequest, response: ApiResponse): void {
    // What is not answered yet is counted when it is.
    if (response.kind === "pending") return;
    if (request.path !== undefined && !HEALTH.test(request.path)) return;
    const code = "code" in response ? response.code : response.kind === "upgrade" ? 101 : 200;
    const { group, resource, version } = request;
    const dryRun = request.query["dryRun"] === undefined ? "" : "All";
    const subresource = request.path ?? request.subresource;
    const key = `${code}|${dryRun}|${group}|${resource}|${scopeOf(request)}|${subresource}|${verbOf(request)}|${version}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** A new process begins with none. */
  clear(): void {
    this.#counts.clear();
  }

  samples(): readonly Sample[] {
    return [...this.#counts.entries()].map(([key, value]) => {
      const [code, dry_run, group, resource, scope, subresource, verb, version] = key.split("|") as Parts;
      const labels = { code, component: "apiserver", dry_run, group, resource, scope, subresource, verb, version };
      return { labels, value };
    });
  }

  /** Resources that anybody asked for: `group|version|resource|subresource`. */
  asked(): ReadonlySet<string> {
    return new Set(
      [...this.#counts.keys()].map((key) => {
        const [, , group, resource, , subresource, , version] = key.split("|") as Parts;
        return `${group}|${version}|${resource}|${subresource}`;
      }),
    );
  }
}

type Parts = [string, string, string, string, string, string, string, string];

/** CleanScope */
function scopeOf({ path, name, namespace, verb }: ApiRequest): string {
  if (path !== undefined) return "";
  if (name !== "" || verb === "create") return "resource";
  return namespace === "" ? "cluster" : "namespace";
}

/** CleanVerb */
function verbOf({ path, verb, contentType, subresource }: ApiRequest): string {
  if (path !== undefined) return VERBS[verb];
  if (CONNECTED.has(subresource)) return "CONNECT";
  if (verb === "patch" && contentType.startsWith("application/apply-patch")) return "APPLY";
  return VERBS[verb];
}
