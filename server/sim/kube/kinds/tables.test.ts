import { expect, test } from "vitest";
import { MINUTE, SECOND } from "../../kernel/index.ts";
import { TestCluster } from "./testing.ts";

const cluster = new TestCluster();
const ns = "/api/v1/namespaces/default";
const apps = "/apis/apps/v1/namespaces/default";
const template = {
  metadata: { labels: { app: "web", tier: "front" } },
  spec: {
    containers: [
      { name: "a", image: "nginx:1.27" },
      { name: "b", image: "busybox" },
    ],
  },
};

/** Header of a table: columns with the priority 1 in brackets, `name:type` where the type is no string. */
function header(url: string): string {
  return cluster
    .table(url)
    .columnDefinitions!.map(({ name, type, priority }) => {
      const text = type === "string" ? name : `${name}:${type}`;
      return priority === 1 ? `[${text}]` : text;
    })
    .join(", ");
}

test.each([
  ["/api/v1/pods", "Name, Ready, Status, Restarts, Age, [IP], [Node], [Nominated Node], [Readiness Gates]"],
  ["/api/v1/services", "Name, Type, Cluster-IP, External-IP, Port(s), Age, [Selector]"],
  ["/api/v1/endpoints", "Name, Endpoints, Age"],
  [
    "/api/v1/nodes",
    "Name, Status, Roles, Age, Version, [Internal-IP], [External-IP], [OS-Image], [Kernel-Version], [Container-Runtime]",
  ],
  ["/api/v1/namespaces", "Name, Status, Age"],
  ["/api/v1/events", "Last Seen, Type, Reason, Object, [Subobject], [Source], Message, [First Seen], [Count], [Name]"],
  [
    "/apis/events.k8s.io/v1/events",
    "Last Seen, Type, Reason, Object, [Subobject], [Source], Message, [First Seen], [Count], [Name]",
  ],
  ["/api/v1/secrets", "Name, Type, Data, Age"],
  ["/api/v1/configmaps", "Name, Data, Age"],
  ["/api/v1/serviceaccounts", "Name, Secrets, Age"],
  ["/apis/apps/v1/deployments", "Name, Ready, Up-to-date, Available, Age, [Containers], [Images], [Selector]"],
  [
    "/apis/apps/v1/replicasets",
    "Name, Desired:integer, Current:integer, Ready:integer, Age, [Containers], [Images], [Selector]",
  ],
  [
    "/apis/apps/v1/daemonsets",
    "Name, Desired:integer, Current:integer, Ready:integer, Up-to-date:integer, Available:integer, Node Selector, Age, [Containers], [Images], [Selector]",
  ],
  ["/apis/coordination.k8s.io/v1/leases", "Name, Holder, Age"],
  ["/apis/discovery.k8s.io/v1/endpointslices", "Name, AddressType, Ports, Endpoints, Age"],
])("the columns of %s", (url, columns) => expect(header(url)).toBe(columns));

test("the name column alone has a format", () => {
  const { columnDefinitions } = cluster.table("/api/v1/configmaps");
  expect(columnDefinitions).toEqual([
    { name: "Name", type: "string", format: "name", description: "", priority: 0 },
    { name: "Data", type: "string", format: "", description: "", priority: 0 },
    { name: "Age", type: "string", format: "", description: "", priority: 0 },
  ]);
});

test("a row carries what includeObject asks for", () => {
  cluster.ok("POST", `${ns}/configmaps`, { metadata: { name: "included" }, data: { a: "1" } });
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const rows = (query: string): unknown =>
    cluster
      .ok<{ rows: { object?: { kind: string; data?: unknown } }[] }>(
        "GET",
        `${ns}/configmaps/included${query}`,
        undefined,
        { accept },
      )
      .rows.map(({ object }) => object && [object.kind, object.data]);
  expect(rows("")).toEqual([["PartialObjectMetadata", undefined]]);
  expect(rows("?includeObject=Metadata")).toEqual([["PartialObjectMetadata", undefined]]);
  expect(rows("?includeObject=Object")).toEqual([["ConfigMap", { a: "1" }]]);
  expect(rows("?includeObject=None")).toEqual([undefined]);
});

test("workloads", () => {
  const labels = {
    matchLabels: { app: "web" },
    matchExpressions: [{ key: "tier", operator: "In", values: ["front", "back"] }],
  };
  cluster.ok("POST", `${apps}/deployments`, {
    metadata: { name: "d" },
    spec: { replicas: 3, selector: labels, template },
  });
  cluster.ok(
    "PATCH",
    `${apps}/deployments/d/status`,
    { status: { readyReplicas: 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2 } },
    { contentType: "application/merge-patch+json" },
  );
  expect(cluster.cells(`${apps}/deployments/d`)).toEqual({
    Name: "d",
    Ready: "2/3",
    "Up-to-date": 1,
    Available: 2,
    Age: "0s",
    Containers: "a,b",
    Images: "nginx:1.27,busybox",
    Selector: "app=web,tier in (back,front)",
  });
  cluster.ok("POST", `${apps}/replicasets`, { metadata: { name: "r" }, spec: { selector: labels, template } });
  expect(cluster.cells(`${apps}/replicasets/r`)).toEqual({
    Name: "r",
    Desired: 1,
    Current: 0,
    Ready: 0,
    Age: "0s",
    Containers: "a,b",
    Images: "nginx:1.27,busybox",
    Selector: "app=web,tier in (back,front)",
  });
  const spec = { ...template.spec, nodeSelector: { zone: "b", disk: "ssd" } };
  cluster.ok("POST", `${apps}/daemonsets`, {
    metadata: { name: "ds" },
    spec: { selector: { matchLabels: { app: "web" } }, template: { ...template, spec } },
  });
  expect(cluster.cells(`${apps}/daemonsets/ds`)).toEqual({
    Name: "ds",
    Desired: 0,
    Current: 0,
    Ready: 0,
    "Up-to-date": 0,
    Available: 0,
    "Node Selector": "disk=ssd,zone=b",
    Age: "0s",
    Containers: "a,b",
    Images: "nginx:1.27,busybox",
    Selector: "app=web",
  });
});

test("nodes", () => {
  const node = (name: string, labels: object, spec: object, ready?: string): void => {
    cluster.ok("POST", "/api/v1/nodes", { metadata: { name, labels }, spec });
    if (ready === undefined) return;
    const addresses = [
      { type: "Hostname", address: name },
      { type: "InternalIP", address: "10.0.0.1" },
    ];
    const nodeInfo = {
      kubeletVersion: "v1.33.1",
      osImage: "Ubuntu 24.04.2 LTS",
      kernelVersion: "6.8.0",
      containerRuntimeVersion: "containerd://1.7.27",
      machineID: "",
      systemUUID: "",
      bootID: "",
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: "amd64",
    };
    cluster.ok(
      "PATCH",
      `/api/v1/nodes/${name}/status`,
      { status: { addresses, nodeInfo, conditions: [{ type: "Ready", status: ready }] } },
      { contentType: "application/merge-patch+json" },
    );
  };
  node("control", { "node-role.kubernetes.io/control-plane": "", "kubernetes.io/role": "boss" }, {}, "True");
  node("cordoned", {}, { unschedulable: true }, "Unknown");
  node("silent", {}, {});
  expect(cluster.cells("/api/v1/nodes/control")).toEqual({
    Name: "control",
    Status: "Ready",
    Roles: "boss,control-plane",
    Age: "0s",
    Version: "v1.33.1",
    "Internal-IP": "10.0.0.1",
    "External-IP": "<none>",
    "OS-Image": "Ubuntu 24.04.2 LTS",
    "Kernel-Version": "6.8.0",
    "Container-Runtime": "containerd://1.7.27",
  });
  expect(cluster.cells("/api/v1/nodes/cordoned")).toMatchObject({
    Status: "NotReady,SchedulingDisabled",
    Roles: "<none>",
  });
  expect(cluster.cells("/api/v1/nodes/silent")).toMatchObject({
    Status: "Unknown",
    Version: "",
    "Internal-IP": "<none>",
    "External-IP": "<none>",
    "OS-Image": "<unknown>",
    "Kernel-Version": "<unknown>",
    "Container-Runtime": "<unknown>",
  });
});

test("small ones", () => {
  cluster.ok("POST", `${ns}/secrets`, { metadata: { name: "s" }, data: { a: "eA==", b: "eA==" } });
  cluster.ok("POST", `${ns}/configmaps`, {
    metadata: { name: "c" },
    data: { a: "1", b: "2" },
    binaryData: { x: "eA==" },
  });
  cluster.ok("POST", `${ns}/serviceaccounts`, { metadata: { name: "sa" }, secrets: [{ name: "x" }] });
  cluster.ok("POST", "/apis/coordination.k8s.io/v1/namespaces/default/leases", {
    metadata: { name: "l" },
    spec: { holderIdentity: "me" },
  });
  expect(cluster.cells(`${ns}/secrets/s`)).toEqual({ Name: "s", Type: "Opaque", Data: 2, Age: "0s" });
  expect(cluster.cells(`${ns}/configmaps/c`)).toEqual({ Name: "c", Data: 3, Age: "0s" });
  expect(cluster.cells(`${ns}/serviceaccounts/sa`)).toEqual({ Name: "sa", Secrets: 1, Age: "0s" });
  expect(cluster.cells("/apis/coordination.k8s.io/v1/namespaces/default/leases/l")).toEqual({
    Name: "l",
    Holder: "me",
    Age: "0s",
  });
  expect(cluster.cells("/api/v1/namespaces/default")).toEqual({ Name: "default", Status: "Active", Age: "0s" });
});

test.each([
  ["none", [], "<none>"],
  ["only not ready ones", [{ notReadyAddresses: [{ ip: "10.0.0.1" }], ports: [{ port: 80 }] }], ""],
  ["no ports", [{ addresses: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }] }], "10.0.0.1,10.0.0.2"],
  [
    "several ports",
    [
      {
        addresses: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }],
        ports: [
          { name: "a", port: 80 },
          { name: "b", port: 81 },
        ],
      },
    ],
    "10.0.0.1:80,10.0.0.2:80,10.0.0.1:81 + 1 more...",
  ],
  ["IPv6", [{ addresses: [{ ip: "fd00::1" }], ports: [{ port: 80 }] }], "[fd00::1]:80"],
])("the addresses of Endpoints with %s", (name, subsets, cell) => {
  const named = `ep-${name.replaceAll(" ", "-").toLowerCase()}`;
  cluster.ok("POST", `${ns}/endpoints`, { metadata: { name: named }, subsets });
  expect(cluster.cells(`${ns}/endpoints/${named}`)["Endpoints"]).toBe(cell);
});

test.each([
  ["nothing", {}, "<unset>", "<unset>"],
  [
    "more than three",
    {
      ports: [
        { name: "a", port: 80 },
        { name: "b" },
        { name: "c", port: 82 },
        { name: "d", port: 83 },
        { name: "e", port: 84 },
      ],
      endpoints: [
        { addresses: ["10.0.0.1", "10.0.0.2"], conditions: { ready: false } },
        { addresses: ["10.0.0.3"] },
        { addresses: ["10.0.0.4"] },
      ],
    },
    "80,b,82 + 2 more...",
    "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...",
  ],
])("an EndpointSlice with %s", (name, content, ports, endpoints) => {
  const url = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
  const named = name.replaceAll(" ", "-");
  cluster.ok("POST", url, { metadata: { name: named }, addressType: "IPv4", endpoints: [], ...content });
  expect(cluster.cells(`${url}/${named}`)).toEqual({
    Name: named,
    AddressType: "IPv4",
    Ports: ports,
    Endpoints: endpoints,
    Age: "0s",
  });
});

test("ages are seen from the moment of the question", () => {
  const own = new TestCluster();
  const age = (): unknown => own.cells("/api/v1/namespaces/default")["Age"];
  own.run(90 * SECOND);
  expect(age()).toBe("90s");
  own.run(5 * MINUTE);
  expect(age()).toBe("6m30s");
});

test("events", () => {
  const url = `${ns}/events`;
  const event = {
    metadata: { name: "web.1" },
    involvedObject: { kind: "Pod", name: "web", namespace: "default", fieldPath: "spec.containers{c}" },
    reason: "Pulled",
    message: "  Pulled it \n",
    type: "Normal",
    count: 4,
    source: { component: "kubelet", host: "node01" },
    firstTimestamp: "2026-11-21T09:58:00Z",
    lastTimestamp: "2026-11-21T09:59:30Z",
  };
  cluster.ok("POST", url, event);
  expect(cluster.cells(`${url}/web.1`)).toEqual({
    "Last Seen": "30s",
    Type: "Normal",
    Reason: "Pulled",
    Object: "pod/web",
    Subobject: "spec.containers{c}",
    Source: "kubelet, node01",
    Message: "Pulled it",
    "First Seen": "2m",
    Count: 4,
    Name: "web.1",
  });
  cluster.ok("POST", url, {
    metadata: { name: "web.2" },
    involvedObject: { kind: "Pod", name: "web", namespace: "default" },
    eventTime: "2026-11-21T09:59:00.000000Z",
    reportingComponent: "default-scheduler",
    reportingInstance: "",
    action: "Binding",
    reason: "Scheduled",
    type: "Normal",
    series: { count: 7, lastObservedTime: "2026-11-21T09:59:50.000000Z" },
  });
  expect(cluster.cells(`/apis/events.k8s.io/v1/namespaces/default/events/web.2`)).toEqual({
    "Last Seen": "10s",
    Type: "Normal",
    Reason: "Scheduled",
    Object: "pod/web",
    Subobject: "",
    Source: "default-scheduler",
    Message: "",
    "First Seen": "60s",
    Count: 7,
    Name: "web.2",
  });
});
