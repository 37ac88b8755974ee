import { expect, test } from "vitest";
import { TestCluster } from "./testing.ts";

const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "nginx" }] } };

/** What is off in v1.33 (pkg/features/kube_features.go) is forgotten without a word, when something is made and when it is changed. */
test.each<[feature: string, url: string, spec: object, field: readonly string[]]>([
  [
    "VolumeAttributesClass, of claims",
    "/api/v1/namespaces/default/persistentvolumeclaims",
    {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      volumeAttributesClassName: "gold",
    },
    ["volumeAttributesClassName"],
  ],
  [
    "VolumeAttributesClass, of volumes",
    "/api/v1/persistentvolumes",
    {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      hostPath: { path: "/x" },
      volumeAttributesClassName: "gold",
    },
    ["volumeAttributesClassName"],
  ],
  [
    "CrossNamespaceVolumeDataSource",
    "/api/v1/namespaces/default/persistentvolumeclaims",
    {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      dataSourceRef: { kind: "PersistentVolumeClaim", name: "other", namespace: "elsewhere" },
    },
    ["dataSourceRef", "namespace"],
  ],
  [
    "MaxUnavailableStatefulSet",
    "/apis/apps/v1/namespaces/default/statefulsets",
    {
      serviceName: "x",
      selector: { matchLabels: { a: "b" } },
      template,
      updateStrategy: { rollingUpdate: { maxUnavailable: 2 } },
    },
    ["updateStrategy", "rollingUpdate", "maxUnavailable"],
  ],
  [
    "HPAConfigurableTolerance",
    "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
    {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "x" },
      behavior: { scaleUp: { tolerance: "0.05" } },
    },
    ["behavior", "scaleUp", "tolerance"],
  ],
  [
    "MutableCSINodeAllocatableCount",
    "/apis/storage.k8s.io/v1/csidrivers",
    { nodeAllocatableUpdatePeriodSeconds: 30 },
    ["nodeAllocatableUpdatePeriodSeconds"],
  ],
  [
    "CoordinatedLeaderElection",
    "/apis/coordination.k8s.io/v1/namespaces/default/leases",
    { holderIdentity: "a", strategy: "OldestEmulationVersion" },
    ["strategy"],
  ],
])("%s", (_, url, spec, field) => {
  const cluster = new TestCluster();
  const made = cluster.ok<{ spec: object; metadata: object }>("POST", url, { metadata: { name: "x" }, spec });
  const changed = cluster.ok<{ spec: object }>("PUT", `${url}/x`, { metadata: made.metadata, spec });
  for (const object of [made, changed]) {
    let inner = object.spec as Record<string, unknown>;
    for (const name of field.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
    expect(inner).toBeTypeOf("object");
    expect(inner).not.toHaveProperty(field.at(-1)!);
  }
});

test("PreferSameTrafficDistribution: hints for zones stay", () => {
  const cluster = new TestCluster();
  const hints = { forZones: [{ name: "a" }], forNodes: [{ name: "b" }] };
  const slice = cluster.ok("POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {
    metadata: { name: "x" },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.1.1"], hints }],
    ports: [],
  });
  expect(slice["endpoints"]).toEqual([
    { addresses: ["10.1.1.1"], conditions: {}, hints: { forZones: [{ name: "a" }] } },
  ]);
});

test("ClusterTrustBundleProjection: the source stays, empty", () => {
  const cluster = new TestCluster();
  const projected = { sources: [{ clusterTrustBundle: { name: "x", path: "ca" } }] };
  const pod = cluster.ok<{ spec: { volumes: readonly object[] } }>("POST", "/api/v1/namespaces/default/pods", {
    metadata: { name: "x" },
    spec: { ...template.spec, automountServiceAccountToken: false, volumes: [{ name: "v", projected }] },
  });
  expect(pod.spec.volumes).toEqual([{ name: "v", projected: { defaultMode: 420, sources: [{}] } }]);
});

test("a source of data that is none is forgotten in the older field, and kept in the newer one", () => {
  const cluster = new TestCluster();
  const url = "/api/v1/namespaces/default/persistentvolumeclaims";
  const garbage = { apiGroup: "example.com", kind: "Thing", name: "t" };
  const claim = (name: string, more: object): Record<string, unknown> =>
    cluster.ok<{ spec: Record<string, unknown> }>("POST", url, {
      metadata: { name },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...more },
    }).spec;
  const plain = claim("plain", {});
  expect(claim("old", { dataSource: garbage })).toEqual(plain);
  expect(claim("new", { dataSourceRef: garbage })).toEqual({ ...plain, dataSourceRef: garbage });
});
