import { HEALTH_ROOTS, healthChecks, VERSION } from "../health.ts";
import type { AnyKind } from "../kind.ts";
import type { ApiRequest } from "../request.ts";
import type { ApiServer } from "../server.ts";
import type { ApiSettings } from "../settings.ts";
import { qualified } from "../status.ts";
import { list } from "../verbs/read.ts";
import { exposition, type Sample } from "./exposition.ts";

/**
 * `/metrics`: those of the server's metrics that the simulation knows the values of. Durations, sizes, and what Go and the
 * process say of themselves are left out: nothing takes time or memory here as it does there.
 */
export function metricsPage(api: ApiServer): string {
  return exposition([
    {
      name: "apiserver_request_total",
      type: "counter",
      help: "[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.",
      samples: api.requests.samples(),
    },
    {
      name: "apiserver_requested_deprecated_apis",
      type: "gauge",
      help: "[STABLE] Gauge of deprecated APIs that have been requested, broken out by API group, version, resource, subresource, and removed_release.",
      samples: deprecated(api),
    },
    {
      name: "apiserver_storage_objects",
      type: "gauge",
      help: "[STABLE] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.",
      samples: storedObjects(api),
    },
    {
      name: "kubernetes_build_info",
      type: "gauge",
      help: "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      samples: [{ labels: buildInfo(), value: 1 }],
    },
  ]);
}

/** `/metrics/slis`: how the checks of the server's health come out. */
export function healthMetricsPage(settings: ApiSettings): string {
  const samples = HEALTH_ROOTS.flatMap((root) =>
    healthChecks(settings, root).map(({ name, ok }) => ({ labels: { name, type: root }, value: ok ? 1 : 0 })),
  );
  const help = "[STABLE] This metric records the result of a single healthcheck.";
  return exposition([{ name: "kubernetes_healthcheck", type: "gauge", help, samples }]);
}

function storedObjects(api: ApiServer): readonly Sample[] {
  const { registry } = api;
  const stored = new Set(registry.kinds.filter(isStored).map((kind) => registry.stored(kind)));
  return [...stored].map((kind) => ({
    labels: { resource: qualified(kind.plural, kind.group) },
    value: list(api.context(kind, listOf(kind), true)).items.length,
  }));
}

function isStored({ answer, verbs }: AnyKind): boolean {
  return answer === undefined && (verbs === undefined || verbs.includes("create"));
}

function listOf({ group, version, plural: resource }: AnyKind): ApiRequest {
  return { ...EMPTY, group, version, resource };
}

const EMPTY: ApiRequest = {
  verb: "list",
  group: "",
  version: "",
  resource: "",
  namespace: "",
  name: "",
  subresource: "",
  query: {},
  accept: "",
  contentType: "",
  userAgent: "kube-apiserver",
  user: { name: "system:apiserver", groups: ["system:masters"] },
  body: undefined,
};

/** `v1 Endpoints is deprecated in v1.33+, unavailable in v1.40+` */
const REMOVED = /unavailable in v(\d+\.\d+)\+/;

function deprecated({ registry, requests }: ApiServer): readonly Sample[] {
  const asked = requests.asked();
  return registry.kinds.flatMap(({ deprecation, group, version, plural: resource, subresources = {} }) => {
    if (deprecation === undefined) return [];
    const removed_release = REMOVED.exec(deprecation)?.[1] ?? "";
    return ["", ...Object.keys(subresources)]
      .filter((subresource) => asked.has(`${group}|${version}|${resource}|${subresource}`))
      .map((subresource) => ({ labels: { group, removed_release, resource, subresource, version }, value: 1 }));
  });
}

function buildInfo(): Record<string, string> {
  const { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform } = VERSION;
  return {
    major,
    minor,
    git_version: gitVersion,
    git_commit: gitCommit,
    git_tree_state: gitTreeState,
    build_date: buildDate,
    go_version: goVersion,
    compiler,
    platform,
  };
}
