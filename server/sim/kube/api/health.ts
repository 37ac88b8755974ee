import { quote } from "./go-syntax.ts";
import type { Query } from "./request.ts";
import type { ApiSettings } from "./settings.ts";

/**
 * What a server does once it serves, in the order in which it says so (v1.33.1 with kubeadm's flags). All of it is done when it
 * answers at all.
 */
const HOOKS = [
  "poststarthook/start-apiserver-admission-initializer",
  "poststarthook/generic-apiserver-start-informers",
  "poststarthook/priority-and-fairness-config-consumer",
  "poststarthook/priority-and-fairness-filter",
  "poststarthook/storage-object-count-tracker-hook",
  "poststarthook/start-apiextensions-informers",
  "poststarthook/start-apiextensions-controllers",
  "poststarthook/crd-informer-synced",
  "poststarthook/start-system-namespaces-controller",
  "poststarthook/start-cluster-authentication-info-controller",
  "poststarthook/start-kube-apiserver-identity-lease-controller",
  "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
  "poststarthook/start-legacy-token-tracking-controller",
  "poststarthook/start-service-ip-repair-controllers",
  "poststarthook/rbac/bootstrap-roles",
  "poststarthook/scheduling/bootstrap-system-priority-classes",
  "poststarthook/priority-and-fairness-config-producer",
  "poststarthook/bootstrap-controller",
  "poststarthook/start-kubernetes-service-cidr-controller",
  "poststarthook/aggregator-reload-proxy-client-cert",
  "poststarthook/start-kube-aggregator-informers",
  "poststarthook/apiservice-status-local-available-controller",
  "poststarthook/apiservice-status-remote-available-controller",
  "poststarthook/apiservice-registration-controller",
  "poststarthook/apiservice-discovery-controller",
  "poststarthook/kube-apiserver-autoregistration",
  "autoregister-completion",
  "poststarthook/apiservice-openapi-controller",
  "poststarthook/apiservice-openapiv3-controller",
] as const;

/** The paths by which the kubelet and people ask whether the server is well. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: ["ping", "log", "etcd", ...HOOKS],
  livez: ["ping", "log", "etcd", ...HOOKS],
  readyz: ["ping", "log", "etcd", "etcd-readiness", "informer-sync", ...HOOKS, "shutdown"],
};

/** All of them: each check has a path of its own. */
export const HEALTH_PATHS: readonly string[] = Object.entries(CHECKS).flatMap(([root, checks]) => [
  `/${root}`,
  ...checks.map((check) => `/${root}/${check}`),
]);

export const HEALTH_ROOTS: readonly string[] = Object.keys(CHECKS);

/** What the checks of a path find now. */
export function healthChecks(
  settings: ApiSettings,
  root: string,
): readonly { readonly name: string; readonly ok: boolean }[] {
  const down = settings.etcdError?.() !== undefined;
  return (CHECKS[root] ?? []).map((name) => ({ name, ok: !down || !name.startsWith("etcd") }));
}

/** As apiserver/pkg/server/healthz: `ok`, or every check with what it found when asked for or when one failed. */
export function health(settings: ApiSettings, path: string, query: Query): { code: number; text: string } | undefined {
  const [root = "", ...rest] = path.split("/").filter((part) => part !== "");
  const checks = CHECKS[root];
  const single = rest.length > 0 ? rest.join("/") : undefined;
  if (!checks || (single !== undefined && !checks.includes(single))) return undefined;
  const down = settings.etcdError?.() !== undefined;
  const fails = (check: string): boolean => down && check.startsWith("etcd");
  if (single !== undefined)
    return fails(single) ? { code: 500, text: "internal server error: reason withheld\n" } : { code: 200, text: "ok" };
  const excluded = query["exclude"] ?? [];
  const lines = checks.map((check) => {
    if (excluded.includes(check)) return `[+]${check} excluded: ok`;
    return fails(check) ? `[-]${check} failed: reason withheld` : `[+]${check} ok`;
  });
  const unknown = excluded.filter((check) => !checks.includes(check));
  if (unknown.length > 0)
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.map(quote).join(", ")}`);
  const failed = checks.some((check) => fails(check) && !excluded.includes(check));
  if (!failed && query["verbose"] === undefined) return { code: 200, text: "ok" };
  lines.push(`${root} check ${failed ? "failed" : "passed"}`);
  return { code: failed ? 500 : 200, text: `${lines.join("\n")}\n` };
}

/** What `/version` says (the release binaries of v1.33.1). */
export const VERSION = {
  major: "1",
  minor: "33",
  emulationMajor: "1",
  emulationMinor: "33",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "32",
  gitVersion: "v1.33.1",
  gitCommit: "8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828",
  gitTreeState: "clean",
  buildDate: "2025-05-15T08:19:08Z",
  goVersion: "go1.24.2",
  compiler: "gc",
  platform: "linux/amd64",
} as const;
