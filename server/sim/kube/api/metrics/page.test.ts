import { expect, test } from "vitest";
import { TestCluster } from "../../kinds/testing.ts";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

function page(cluster: TestCluster, path = "/metrics"): string {
  const response = cluster.call("GET", path);
  return response.kind === "text" ? response.text : "";
}

function samples(cluster: TestCluster, start: string): string[] {
  return page(cluster)
    .split("\n")
    .filter((line) => line.startsWith(start));
}

test("requests by what they asked for and what they got; nobody counts who reads the page", () => {
  const cluster = new TestCluster({ bare: true });
  cluster.call("POST", "/api/v1/namespaces", { metadata: { name: "default" } });
  cluster.call("POST", `${CONFIG_MAPS}?dryRun=All`, { metadata: { name: "a" } });
  cluster.call("GET", CONFIG_MAPS);
  cluster.call("GET", CONFIG_MAPS);
  cluster.call("GET", "/api/v1/configmaps");
  cluster.call("GET", `${CONFIG_MAPS}/none`);
  const contentType = "application/apply-patch+yaml";
  cluster.call(
    "PATCH",
    `${CONFIG_MAPS}/b?fieldManager=x`,
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b" } },
    { contentType },
  );
  cluster.call("GET", "/livez");
  cluster.call("GET", "/version");
  const count = (labels: string, value: number): string => `apiserver_request_total{${labels}} ${value}`;
  const labels = (code: number, dry: string, resource: string, scope: string, verb: string): string =>
    `code="${code}",component="apiserver",dry_run="${dry}",group="",resource="${resource}",scope="${scope}",subresource="",verb="${verb}",version="v1"`;
  expect(samples(cluster, "apiserver_request_total")).toEqual([
    count(
      'code="200",component="apiserver",dry_run="",group="",resource="",scope="",subresource="/livez",verb="GET",version=""',
      1,
    ),
    count(labels(200, "", "configmaps", "cluster", "LIST"), 1),
    count(labels(200, "", "configmaps", "namespace", "LIST"), 2),
    count(labels(201, "", "configmaps", "resource", "APPLY"), 1),
    count(labels(201, "", "namespaces", "resource", "POST"), 1),
    count(labels(201, "All", "configmaps", "resource", "POST"), 1),
    count(labels(404, "", "configmaps", "resource", "GET"), 1),
  ]);
  expect(samples(cluster, 'apiserver_storage_objects{resource="configmaps"}')).toEqual([
    'apiserver_storage_objects{resource="configmaps"} 1',
  ]);
  expect(samples(cluster, "apiserver_requested_deprecated_apis")).toEqual([]);
  cluster.call("GET", "/api/v1/endpoints");
  expect(samples(cluster, "apiserver_requested_deprecated_apis")).toEqual([
    'apiserver_requested_deprecated_apis{group="",removed_release="",resource="endpoints",subresource="",version="v1"} 1',
  ]);
});

test("every family says what it is, and stands in its place", () => {
  const text = page(new TestCluster());
  const heads = text.split("\n").filter((line) => line.startsWith("#"));
  const types = heads.filter((line) => line.startsWith("# TYPE"));
  expect(types).toEqual([
    "# TYPE apiserver_request_total counter",
    "# TYPE apiserver_storage_objects gauge",
    "# TYPE kubernetes_build_info gauge",
  ]);
  expect(heads.length).toBe(2 * types.length);
  expect(text).toContain('compiler="gc",git_commit="8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828"');
});

test("health as numbers", () => {
  const sick = new TestCluster({ settings: { etcdError: () => "etcdserver: request timed out" }, bare: true });
  const lines = page(sick, "/metrics/slis").split("\n");
  expect(lines).toContain('kubernetes_healthcheck{name="etcd-readiness",type="readyz"} 0');
  expect(lines).toContain('kubernetes_healthcheck{name="ping",type="livez"} 1');
});
