import { createHash } from "node:crypto";
import type { AnyKind, ApiService, KindContext } from "../../api/index.ts";

const AUTOMANAGED = "kube-aggregator.kubernetes.io/automanaged";

/** What kube-aggregator lists first (pkg/controlplane/apiserver/aggregator.go); custom groups come last. */
const GROUPS: Readonly<Record<string, number>> = {
  "": 18_000, apps: 17_800, "events.k8s.io": 17_750, "authentication.k8s.io": 17_700, "authorization.k8s.io": 17_600,
  autoscaling: 17_500, batch: 17_400, "certificates.k8s.io": 17_300, "networking.k8s.io": 17_200, policy: 17_100,
  "rbac.authorization.k8s.io": 17_000, "storage.k8s.io": 16_800, "apiextensions.k8s.io": 16_700,
  "admissionregistration.k8s.io": 16_700, "scheduling.k8s.io": 16_600, "coordination.k8s.io": 16_500, "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200, "flowcontrol.apiserver.k8s.io": 16_100,
}; // prettier-ignore
const VERSIONS: Readonly<Record<string, number>> = {
  "v1/": 1,
  "v2/autoscaling": 30,
  "v1/flowcontrol.apiserver.k8s.io": 21,
};
const CUSTOM = { group: 1_000, version: 100 };

/** A row for each group and version that the server serves itself. They follow from its kinds: none of them is stored. */
export function localServices({ registry, store }: KindContext): readonly ApiService[] {
  const kinds = registry.kinds.filter(({ group, schema }) => group in GROUPS || schema?.type === "structural");
  const since = registry.find("", "v1", "namespaces");
  const oldest = since && store.get(since, "", "default")?.metadata.creationTimestamp;
  return [...Map.groupBy(kinds, ({ group, version }) => `${version}.${group}`)].map(([name, members]) =>
    localService(name, members[0]!, oldest),
  );
}

function localService(name: string, { group, version, schema }: AnyKind, since: string | undefined): ApiService {
  const custom = schema?.type === "structural";
  const at = since ?? null;
  return {
    metadata: {
      name,
      labels: { [AUTOMANAGED]: custom ? "true" : "onstart" },
      uid: uidOf(name),
      resourceVersion: "1",
      creationTimestamp: at,
    } as unknown as ApiService["metadata"],
    spec: {
      ...(group === "" ? {} : { group }),
      groupPriorityMinimum: custom ? CUSTOM.group : GROUPS[group]!,
      version,
      versionPriority: custom ? CUSTOM.version : (VERSIONS[`${version}/${group}`] ?? 15),
    },
    status: {
      conditions: [
        {
          lastTransitionTime: at,
          message: "Local APIServices are always available",
          reason: "Local",
          status: "True",
          type: "Available",
        },
      ],
    },
  };
}

/** Always the same for the same name, as nothing keeps it. */
function uidOf(name: string): string {
  const hex = createHash("sha256").update(`apiservice ${name}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
