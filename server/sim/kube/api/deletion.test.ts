import { describe, expect, test } from "vitest";
import { configMaps, jobs, pods, replicationControllers, serviceAccounts } from "../kinds/index.ts";
import { TestCluster } from "../kinds/testing.ts";
import type { ConfigMap, KubeObject } from "./index.ts";

const NS = "/api/v1/namespaces/default";
const MAPS = `${NS}/configmaps`;
const spec = { containers: [{ name: "c", image: "nginx" }] };

function withMaps(): TestCluster {
  const cluster = new TestCluster();
  for (const [name, color] of [
    ["a", "red"],
    ["b", "blue"],
    ["c", "red"],
  ] as const)
    // prettier-ignore
    cluster.ok("POST", MAPS, { metadata: { name, labels: { color } } });
  return cluster;
}

const names = (cluster: TestCluster): string[] => cluster.client.list(configMaps).map(({ metadata }) => metadata.name);

describe("dry-run changes nothing, wherever it stands", () => {
  const cluster = new TestCluster();
  cluster.client.create(pods, { metadata: { name: "web", namespace: "default" }, spec });
  const meta = { name: "web", namespace: "default" };
  const deployment = "/apis/apps/v1/namespaces/default/deployments";
  cluster.ok("POST", deployment, {
    metadata: { name: "web" },
    spec: { replicas: 1, selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } }, spec } },
  });
  const all = { dryRun: ["All"] };
  test.each<[string, string, string, unknown]>([
    ["delete, in the query", "DELETE", `${NS}/pods/web?dryRun=All`, undefined],
    ["delete, in the body", "DELETE", `${NS}/pods/web`, all],
    ["deletecollection, in the query", "DELETE", `${NS}/pods?dryRun=All`, undefined],
    ["deletecollection, in the body", "DELETE", `${NS}/pods`, all],
    ["eviction, in the query", "POST", `${NS}/pods/web/eviction?dryRun=All`, { metadata: meta }],
    ["eviction, in its deleteOptions", "POST", `${NS}/pods/web/eviction`, { metadata: meta, deleteOptions: all }],
    ["binding", "POST", `${NS}/pods/web/binding?dryRun=All`, { metadata: meta, target: { name: "node01" } }],
    [
      "binding without a Pod in its path",
      "POST",
      `${NS}/bindings?dryRun=All`,
      { metadata: meta, target: { name: "n" } },
    ],
    ["scale", "PUT", `${deployment}/web/scale?dryRun=All`, { metadata: meta, spec: { replicas: 3 } }],
    ["create with a generated name", "POST", `${MAPS}?dryRun=All`, { metadata: { generateName: "m-" } }],
  ])("%s", (_, method, url, body) => {
    const before = cluster.api.store.revision;
    cluster.ok(method, url, body);
    expect(cluster.api.store.revision).toBe(before);
    expect(cluster.client.get(pods, "default", "web")!.spec.nodeName).toBeUndefined();
  });
});

describe("preconditions", () => {
  const cluster = withMaps();
  const { uid, resourceVersion } = cluster.client.get(configMaps, "default", "a")!.metadata;
  test.each([
    [{ uid: "x" }, `Precondition failed: UID in precondition: x, UID in object meta: ${uid}`],
    [{ resourceVersion: "1" }, `Precondition failed: ResourceVersion in precondition: 1, ResourceVersion in object meta: ${resourceVersion}`],
  ])("%j refuses", (preconditions, why) => {
    expect(cluster.refused("DELETE", `${MAPS}/a`, { preconditions })).toBe(
      `409 Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, Key: /registry/configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
    expect(names(cluster)).toContain("a");
  }); // prettier-ignore
  test("that hold let it go", () => {
    cluster.ok("DELETE", `${MAPS}/a`, { preconditions: { uid, resourceVersion } });
    expect(names(cluster)).toEqual(["b", "c"]);
  });
});

describe("deletecollection", () => {
  test.each([
    ["labelSelector=color%3Dred", ["b"]],
    ["labelSelector=color+notin+(red)", ["a", "c"]],
    ["fieldSelector=metadata.name%3Dc", ["a", "b"]],
    ["labelSelector=none%3Dsuch", ["a", "b", "c"]],
  ])("%s leaves %j", (query, left) => {
    const cluster = withMaps();
    const answer = cluster.ok<{ kind: string; items: ConfigMap[] }>("DELETE", `${MAPS}?${query}`);
    expect(answer.kind).toBe("ConfigMapList");
    expect(answer.items).toHaveLength(3 - left.length);
    expect(names(cluster)).toEqual(left);
  });

  test("leaves what finalizers hold, marked", () => {
    const cluster = withMaps();
    cluster.ok("PATCH", `${MAPS}/a`, { metadata: { finalizers: ["x.io/y"] } }, { contentType: "application/merge-patch+json" }); // prettier-ignore
    cluster.ok("DELETE", MAPS);
    expect(names(cluster)).toEqual(["a"]);
    expect(cluster.client.get(configMaps, "default", "a")!.metadata.deletionTimestamp).toBe("2026-11-21T10:00:00Z");
  });
});

describe("what becomes of dependents when nobody says", () => {
  const cluster = new TestCluster();
  const template = { metadata: { labels: { a: "b" } }, spec };
  test("Pods of a Job are preserved, with a warning", () => {
    const url = "/apis/batch/v1/namespaces/default/jobs";
    const job = { metadata: { name: "j" }, spec: { template: { spec: { ...spec, restartPolicy: "Never" } } } };
    const preserved =
      "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";
    cluster.ok("POST", url, job);
    expect(cluster.warnings("DELETE", `${url}/j`)).toEqual([preserved]);
    expect(cluster.client.get(jobs, "default", "j")!.metadata.finalizers).toContain("orphan");
    cluster.ok("POST", url, { ...job, metadata: { name: "k" } });
    expect(cluster.warnings("DELETE", `${url}/k`, { propagationPolicy: "Background" })).toEqual([]);
    expect(cluster.client.get(jobs, "default", "k")).toBeUndefined();
  });

  test("Pods of a ReplicationController are preserved, those of others are not", () => {
    const url = `${NS}/replicationcontrollers`;
    cluster.ok("POST", url, { metadata: { name: "r" }, spec: { selector: { a: "b" }, template } });
    cluster.ok("DELETE", `${url}/r`);
    expect(cluster.client.get(replicationControllers, "default", "r")!.metadata.finalizers).toEqual(["orphan"]);
    cluster.client.create(serviceAccounts, { metadata: { name: "s", namespace: "default" } });
    const gone = cluster.ok<KubeObject>("DELETE", `${NS}/serviceaccounts/s`);
    expect(gone.metadata.finalizers).toBeUndefined();
  });
});
