import { expect, test } from "vitest";
import { connect, httpExchange, openSocket, socketsOf } from "../../../net/index.ts";
import { nodes, services } from "../../kinds/index.ts";
import { slice, service } from "./testing.ts";
import { TestNode } from "./testing-node.ts";

async function running(...objects: Parameters<TestNode["create"]>): Promise<TestNode> {
  const node = TestNode.create();
  node.create(...objects);
  node.startProxy();
  await node.pass(5);
  node.log();
  return node;
}

function get(node: TestNode, port: number, path: string, to = "127.0.0.1") {
  const { connection, errno } = connect(node.ns, { to, port });
  if (!connection) return { status: 0, headers: {}, body: String(errno) };
  const request = {
    method: "GET",
    target: path,
    version: "HTTP/1.1" as const,
    headers: [["Host", "x"]] as [string, string][],
    body: "",
  };
  const result = httpExchange(connection, request);
  connection.close();
  if (result.outcome !== "response") return { status: 0, headers: {}, body: result.outcome };
  const { status, headers, body } = result.response;
  return { status, headers: Object.fromEntries(headers), body };
}

test("it listens where the real one does", async () => {
  const node = await running();
  const pid = node.host.machine.processes().find(({ comm }) => comm === "kube-proxy")!.pid;
  const sockets = socketsOf(node.ns, pid).sockets.map(({ address, port }) => `${address}:${port}`);
  expect(sockets.sort()).toEqual(["127.0.0.1:10249", ":::10256"]);
});

test("healthz and livez tell of both families", async () => {
  const node = await running();
  await node.pass(3);
  const now = "2026-11-21T10:00:08";
  const { status, headers, body } = get(node, 10256, "/healthz", "172.30.1.2");
  expect(status).toBe(200);
  expect(headers).toMatchObject({ "Content-Type": "application/json", "X-Content-Type-Options": "nosniff" });
  const health = JSON.parse(body) as { lastUpdated: string; status: Record<string, { lastUpdated: string }> };
  expect(Object.keys(health)).toEqual(["lastUpdated", "currentTime", "nodeEligible", "healthy", "status"]);
  expect(health).toMatchObject({
    nodeEligible: true,
    healthy: true,
    status: { IPv4: { healthy: true }, IPv6: { healthy: true } },
  });
  expect(health.lastUpdated.startsWith(now)).toBe(true);
  expect(health.status["IPv4"]!.lastUpdated < health.lastUpdated).toBe(true);
  expect(Object.keys(JSON.parse(get(node, 10256, "/livez").body) as object)).not.toContain("nodeEligible");
  expect(get(node, 10256, "/foo")).toMatchObject({ status: 404, body: "404 page not found\n" });
  node.client().patch(nodes, { name: "controlplane" }, "merge-patch+json", {
    spec: { taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }] },
  });
  expect(get(node, 10256, "/healthz").status).toBe(503);
  expect(get(node, 10256, "/livez").status).toBe(200);
});

test("the metrics port tells the mode and counts", async () => {
  const node = await running(service("default/web", { clusterIP: "10.96.5.5" }), slice("default/web", ["10.244.0.5"]));
  expect(get(node, 10249, "/proxyMode")).toMatchObject({ status: 200, body: "iptables" });
  expect(get(node, 10249, "/healthz")).toMatchObject({ status: 200, body: "ok" });
  get(node, 10256, "/healthz");
  const { body } = get(node, 10249, "/metrics");
  const nat = node
    .rules()
    .split("\n")
    .filter((line) => line.startsWith("-A KUBE-")).length;
  for (const line of [
    "# TYPE kubeproxy_sync_proxy_rules_iptables_total gauge",
    `kubeproxy_sync_proxy_rules_iptables_total{ip_family="IPv4",table="nat"} ${nat}`,
    'kubeproxy_sync_proxy_rules_iptables_total{ip_family="IPv6",table="nat"} 5',
    'kubeproxy_proxy_healthz_total{code="200"} 1',
    'kubeproxy_sync_proxy_rules_service_changes_pending{ip_family="IPv4"} 0',
    "kubeproxy_iptables_ct_state_invalid_dropped_packets_total 0",
  ])
    expect(body.split("\n")).toContain(line);
  expect(body).toMatch(/kubeproxy_sync_proxy_rules_last_timestamp_seconds\{ip_family="IPv4"\} 1\.79\d+e\+09\n/);
});

test("a health check port answers by the endpoints that are here, and ends with its Service", async () => {
  const web = service("default/web", {
    type: "LoadBalancer",
    externalTrafficPolicy: "Local",
    clusterIP: "10.96.5.5",
    healthCheckNodePort: 32000,
    ports: [{ port: 80, targetPort: 80, nodePort: 30080 }],
  });
  const node = await running(
    web,
    slice("default/web", [
      { ip: "10.244.0.5", node: "controlplane" },
      { ip: "10.244.1.5", node: "node01" },
    ]),
  );
  expect(get(node, 32000, "/healthz", "172.30.1.2")).toMatchObject({
    status: 200,
    headers: { "Content-Type": "application/json", "X-Load-Balancing-Endpoint-Weight": "1" },
    body: '{\n\t"service": {\n\t\t"namespace": "default",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": 1,\n\t"serviceProxyHealthy": true\n}',
  });
  const again = node.restored();
  expect(get(again, 32000, "/").status).toBe(200);
  node.client().patch(services, { namespace: "default", name: "web" }, "merge-patch+json", {
    spec: { externalTrafficPolicy: "Cluster", healthCheckNodePort: null },
  });
  await node.pass(2);
  expect(get(node, 32000, "/")).toMatchObject({ status: 0, body: "ECONNREFUSED" });
});

test("a port that is taken is tried again", async () => {
  const node = TestNode.create();
  const taken = openSocket(node.ns, { protocol: "tcp", address: "127.0.0.1", port: 10249, backlog: 1, pid: 1 });
  if (!taken.ok) throw new Error(taken.errno);
  node.startProxy();
  await node.pass(1);
  expect(node.log().filter((line) => line.includes("metrics server"))).toEqual([
    expect.stringMatching(
      /^E server\.go:\d+\] "Unhandled Error" err="starting metrics server failed: listen tcp 127\.0\.0\.1:10249: bind: address already in use" logger="UnhandledError"$/,
    ),
  ]);
  node.ns.sockets.delete(taken.value.id);
  await node.pass(5);
  expect(get(node, 10249, "/proxyMode").body).toBe("iptables");
});
