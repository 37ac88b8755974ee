import { describe, expect, test } from "vitest";
import { TestCluster } from "../testing.ts";

const NS = "/api/v1/namespaces/default";
const MERGE = { contentType: "application/merge-patch+json" };
const cluster = new TestCluster();

/** What is wrong with an object of that kind, without the words that all refusals begin with. */
function wrong(url: string, body: object): string {
  const { message, code } = cluster.refusal("POST", url, body);
  expect(code).toBe(422);
  return message.slice(message.indexOf("is invalid: ") + "is invalid: ".length);
}

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const namePart =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const configKey =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

describe("metadata", () => {
  test.each<[string, object, string]>([
    ["no name", {}, "metadata.name: Required value: name or generateName is required"],
    ["a bad name", { name: "A" }, `metadata.name: Invalid value: "A": ${subdomain}`],
    [
      "a long name",
      { name: "a".repeat(254) },
      `metadata.name: Invalid value: "${"a".repeat(254)}": must be no more than 253 characters`,
    ],
    [
      "a bad label",
      { name: "x", labels: { "a/b/c": "d" } },
      `metadata.labels: Invalid value: "a/b/c": a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ],
    [
      "a bad label value",
      { name: "x", labels: { a: "-" } },
      `metadata.labels: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
    [
      "large annotations",
      { name: "x", annotations: { a: "x".repeat(262_144) } },
      "metadata.annotations: Too long: may not be more than 262144 bytes",
    ],
  ])("%s", (_, metadata, text) => expect(wrong(`${NS}/configmaps`, { metadata })).toBe(text));

  test("what is for ever", () => {
    cluster.ok("POST", `${NS}/configmaps`, { metadata: { name: "fixed" } });
    expect(cluster.refused("PATCH", `${NS}/configmaps/fixed`, { metadata: { uid: "x" } }, MERGE)).toContain(
      `metadata.uid: Invalid value: "x": field is immutable`,
    );
  });
});

describe("ConfigMap", () => {
  test.each<[string, object, string]>([
    ["a bad key", { data: { "a b": "" } }, `data[a b]: Invalid value: "a b": ${configKey}`],
    ["a path", { data: { "..": "" } }, `data[..]: Invalid value: "..": must not be '..'`],
    ["too much", { data: { a: "x".repeat(1_048_577) } }, "[]: Too long: may not be more than 1048576 bytes"],
  ])("%s", (_, content, text) => expect(wrong(`${NS}/configmaps`, { metadata: { name: "x" }, ...content })).toBe(text));

  test("an immutable one stays", () => {
    cluster.ok("POST", `${NS}/configmaps`, { metadata: { name: "fast" }, data: { a: "1" }, immutable: true });
    const refused = (patch: object): string =>
      cluster.refused("PATCH", `${NS}/configmaps/fast`, patch, MERGE).replace('422 ConfigMap "fast" is invalid: ', "");
    expect(refused({ data: { a: "2" } })).toBe("data: Forbidden: field is immutable when `immutable` is set");
    expect(refused({ immutable: false })).toBe("immutable: Forbidden: field is immutable when `immutable` is set");
    expect(refused({ binaryData: { a: "eA==" } })).toContain(
      "binaryData: Forbidden: field is immutable when `immutable` is set",
    );
  });
});

describe("Secret", () => {
  test.each<[string, object, string]>([
    ["a bad key", { data: { "a b": "" } }, `data[a b]: Invalid value: "a b": ${configKey}`],
    ["too much", { stringData: { a: "x".repeat(1_048_577) } }, "data: Too long: may not be more than 1048576 bytes"],
    ["no certificate", { type: "kubernetes.io/tls" }, "[data[tls.crt]: Required value, data[tls.key]: Required value]"],
    ["no registry", { type: "kubernetes.io/dockerconfigjson" }, "data[.dockerconfigjson]: Required value"],
  ])("%s", (_, content, text) => expect(wrong(`${NS}/secrets`, { metadata: { name: "x" }, ...content })).toBe(text));

  test("its type stays, and text becomes data", () => {
    const made = cluster.ok("POST", `${NS}/secrets`, {
      metadata: { name: "s" },
      stringData: { a: "x" },
      data: { a: "eQ==", b: "eg==" },
    });
    expect([made["type"], made["data"], made["stringData"]]).toEqual(["Opaque", { a: "eA==", b: "eg==" }, undefined]);
    expect(cluster.refused("PATCH", `${NS}/secrets/s`, { type: "x/y" }, MERGE)).toBe(
      `422 Secret "s" is invalid: type: Invalid value: "x/y": field is immutable`,
    );
  });
});

describe("Node", () => {
  test("taints are told under metadata", () => {
    const taint = { key: "a", value: "b", effect: "NoSchedule" };
    expect(wrong("/api/v1/nodes", { metadata: { name: "n" }, spec: { taints: [taint, taint] } })).toBe(
      `metadata.taints[1]: Duplicate value: core.Taint{Key:"a", Value:"b", Effect:"NoSchedule", TimeAdded:<nil>}: taints must be unique by key and effect pair`,
    );
    expect(wrong("/api/v1/nodes", { metadata: { name: "n" }, spec: { taints: [{ key: "a" }] } })).toContain(
      "metadata.taints[0].effect: Required value",
    );
  });

  test("a new one is not ready for Pods", () => {
    const { spec } = cluster.ok<{ spec: { taints: unknown } }>("POST", "/api/v1/nodes", {
      metadata: { name: "fresh" },
    });
    expect(spec.taints).toEqual([{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }]);
  });

  test("its range and provider come once", () => {
    const patch = (spec: object): string => cluster.refused("PATCH", "/api/v1/nodes/fresh", { spec }, MERGE);
    cluster.ok(
      "PATCH",
      "/api/v1/nodes/fresh",
      { spec: { podCIDR: "10.244.1.0/24", podCIDRs: ["10.244.1.0/24"], providerID: "a" } },
      MERGE,
    );
    expect(patch({ podCIDR: "10.244.2.0/24", podCIDRs: ["10.244.2.0/24"] })).toBe(
      `422 Node "fresh" is invalid: spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid`,
    );
    expect(patch({ providerID: "b" })).toBe(
      `422 Node "fresh" is invalid: spec.providerID: Forbidden: node updates may not change providerID except from "" to valid`,
    );
  });

  test("a node changes no other node", () => {
    const kubelet = {
      ...cluster.request("PATCH", "/api/v1/nodes/fresh", { metadata: { labels: { a: "b" } } }, MERGE),
      user: { name: "system:node:other", groups: ["system:nodes"] },
    };
    expect(cluster.api.handle(kubelet)).toMatchObject({
      code: 403,
      object: { message: `nodes "fresh" is forbidden: node "other" is not allowed to modify node "fresh"` },
    });
  });
});

describe("Endpoints", () => {
  const url = `${NS}/endpoints`;

  test("every answer warns", () => {
    expect(cluster.warnings("GET", url)).toEqual([
      "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
    ]);
  });

  test.each<[string, object, string]>([
    ["nobody", {}, "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"],
    [
      "a name in place of an address",
      { addresses: [{ ip: "example.com" }] },
      `[subsets[0].addresses[0].ip: Invalid value: "example.com": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff), subsets[0].addresses[0].ip: Invalid value: "example.com": must be a valid IP address]`,
    ],
    [
      "the host itself",
      { addresses: [{ ip: "127.0.0.1" }] },
      `subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)`,
    ],
    [
      "ports without names",
      { addresses: [{ ip: "10.0.0.1" }], ports: [{ port: 1 }, { port: 2 }] },
      "[subsets[0].ports[0].name: Required value, subsets[0].ports[1].name: Required value]",
    ],
    [
      "an odd protocol",
      { addresses: [{ ip: "10.0.0.1" }], ports: [{ port: 1, protocol: "HTTP" }] },
      `subsets[0].ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"`,
    ],
    [
      "nowhere",
      { addresses: [{ ip: "0.0.0.0" }] },
      `subsets[0].addresses[0].ip: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)`,
    ],
    [
      "the link and its group",
      { addresses: [{ ip: "169.254.1.1" }], notReadyAddresses: [{ ip: "224.0.0.5" }] },
      `[subsets[0].addresses[0].ip: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10), subsets[0].notReadyAddresses[0].ip: Invalid value: "224.0.0.5": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)]`,
    ],
    [
      "a bad host name",
      { addresses: [{ ip: "10.0.0.1", hostname: "a.b" }] },
      `subsets[0].addresses[0].hostname: Invalid value: "a.b": must not contain dots`,
    ],
    [
      "a bad node",
      { addresses: [{ ip: "10.0.0.1", nodeName: "A" }] },
      `subsets[0].addresses[0].nodeName: Invalid value: "A": ${subdomain}`,
    ],
    [
      "a bad port",
      { addresses: [{ ip: "10.0.0.1" }], ports: [{ port: 65536, name: "a.b", appProtocol: "a b" }] },
      `[subsets[0].ports[0].name: Invalid value: "a.b": must not contain dots, subsets[0].ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive, subsets[0].ports[0].appProtocol: Invalid value: "a b": ${namePart}]`,
    ],
  ])("%s", (_, subset, text) => expect(wrong(url, { metadata: { name: "x" }, subsets: [subset] })).toBe(text));

  test("addresses in odd forms are warned of", () => {
    const subsets = [{ addresses: [{ ip: "10.0.0.01" }], notReadyAddresses: [{ ip: "2001:DB8::1" }] }];
    expect(cluster.warnings("POST", url, { metadata: { name: "odd" }, subsets }).slice(1)).toEqual([
      'subsets[0].addresses[0].ip: non-standard IP address "10.0.0.01" will be considered invalid in a future Kubernetes release: use "10.0.0.1"',
      'subsets[0].notReadyAddresses[0].ip: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    ]);
  });
});

describe("EndpointSlice", () => {
  const url = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

  test.each<[string, object, string]>([
    ["no type", { endpoints: [] }, "addressType: Required value"],
    [
      "an odd type",
      { addressType: "MAC" },
      `addressType: Unsupported value: "MAC": supported values: "FQDN", "IPv4", "IPv6"`,
    ],
    [
      "no address",
      { addressType: "IPv4", endpoints: [{ addresses: [] }] },
      "endpoints[0].addresses: Required value: must contain at least 1 address",
    ],
    [
      "the other family",
      { addressType: "IPv4", endpoints: [{ addresses: ["fd00::1"] }] },
      `endpoints[0].addresses[0]: Invalid value: "fd00::1": must be an IPv4 address`,
    ],
    [
      "equal ports",
      { addressType: "IPv4", endpoints: [], ports: [{ port: 1 }, { port: 2 }] },
      `ports[1].name: Duplicate value: ""`,
    ],
    [
      "too many",
      { addressType: "IPv4", endpoints: Array.from({ length: 1001 }, () => ({ addresses: ["10.0.0.1"] })) },
      "endpoints: Too many: 1001: must have at most 1000 items",
    ],
    [
      "too many addresses",
      { addressType: "IPv4", endpoints: [{ addresses: Array.from({ length: 101 }, () => "10.0.0.1") }] },
      "endpoints[0].addresses: Too many: 101: must have at most 100 items",
    ],
    [
      "no address at all",
      { addressType: "IPv6", endpoints: [{ addresses: ["web"] }] },
      `endpoints[0].addresses[0]: Invalid value: "web": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
    ],
    [
      "an address of IPv4",
      { addressType: "IPv6", endpoints: [{ addresses: ["10.0.0.1"] }] },
      `endpoints[0].addresses[0]: Invalid value: "10.0.0.1": must be an IPv6 address`,
    ],
    [
      "the host itself",
      { addressType: "IPv4", endpoints: [{ addresses: ["127.0.0.1"] }] },
      `endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)`,
    ],
    [
      "a name of one part",
      { addressType: "FQDN", endpoints: [{ addresses: ["web"] }] },
      `endpoints[0].addresses[0]: Invalid value: "web": should be a domain with at least two segments separated by dots`,
    ],
    [
      "bad names",
      { addressType: "IPv4", endpoints: [{ addresses: ["10.0.0.1"], nodeName: "A", hostname: "a.b" }] },
      `[endpoints[0].nodeName: Invalid value: "A": ${subdomain}, endpoints[0].hostname: Invalid value: "a.b": must not contain dots]`,
    ],
    [
      "zones twice",
      {
        addressType: "IPv4",
        endpoints: [{ addresses: ["10.0.0.1"], hints: { forZones: [{ name: "a" }, { name: "a" }] } }],
      },
      `endpoints[0].hints.forZones[1].name: Duplicate value: "a"`,
    ],
    [
      "an odd protocol",
      { addressType: "IPv4", endpoints: [], ports: [{ port: 1, protocol: "tcp" }] },
      `ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"`,
    ],
    [
      "bad names of ports",
      { addressType: "IPv4", endpoints: [], ports: [{ port: 1, name: "a.b", appProtocol: "a b" }] },
      `[ports[0].name: Invalid value: "a.b": must not contain dots, ports[0].appProtocol: Invalid value: "a b": ${namePart}]`,
    ],
  ])("%s", (_, content, text) => expect(wrong(url, { metadata: { name: "x" }, ...content })).toBe(text));

  test("what is odd is warned of, and what v1 does not know is dropped", () => {
    const endpoints = [{ addresses: ["::ffff:10.0.0.1"], deprecatedTopology: { a: "b" } }];
    const slice = { addressType: "IPv4", endpoints };
    const made = cluster.ok<{ endpoints: object[] }>("POST", url, { metadata: { name: "topology" }, ...slice });
    expect(made.endpoints).toEqual([{ addresses: ["::ffff:10.0.0.1"], conditions: {} }]);
    expect(cluster.warnings("POST", url, { metadata: { name: "mapped" }, ...slice })).toEqual([
      'endpoints[0].addresses[0]: non-standard IP address "::ffff:10.0.0.1" will be considered invalid in a future Kubernetes release: use "10.0.0.1"',
    ]);
    const named = { addressType: "FQDN", endpoints: [{ addresses: ["a.example.com"] }] };
    expect(cluster.warnings("POST", url, { metadata: { name: "fqdn" }, ...named })).toEqual([
      "spec.addressType: FQDN endpoints are deprecated",
    ]);
  });

  test("its type stays", () => {
    cluster.ok("POST", url, { metadata: { name: "x" }, addressType: "IPv4", endpoints: [] });
    expect(cluster.refused("PATCH", `${url}/x`, { addressType: "IPv6" }, MERGE)).toBe(
      `422 EndpointSlice.discovery.k8s.io "x" is invalid: addressType: Invalid value: "IPv6": field is immutable`,
    );
  });
});

describe("Lease", () => {
  const url = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

  test("is replaced only by who knows its version", () => {
    const lease = cluster.ok<{ metadata: { resourceVersion: string } }>("POST", url, {
      metadata: { name: "l" },
      spec: { holderIdentity: "a" },
    });
    expect(cluster.refused("PUT", `${url}/l`, { metadata: { name: "l" }, spec: {} })).toBe(
      `422 Lease.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update`,
    );
    cluster.ok("PUT", `${url}/l`, { ...lease, spec: { holderIdentity: "b" } });
    expect(cluster.refused("PUT", `${url}/l`, lease)).toContain(
      "409 Operation cannot be fulfilled on leases.coordination.k8s.io",
    );
  });
});

describe("Event", () => {
  test("lives an hour, and in the namespace of what it is about", () => {
    const own = new TestCluster();
    const event = (namespace: string): object => ({
      metadata: { name: "e" },
      involvedObject: { kind: "Pod", name: "web", namespace },
      reason: "R",
    });
    expect(own.refused("POST", `${NS}/events`, event("other"))).toContain(
      `involvedObject.namespace: Invalid value: "other": does not match event.namespace`,
    );
    own.ok("POST", `${NS}/events`, event("default"));
    own.run(3_599_000_000);
    expect(own.ok<{ items: unknown[] }>("GET", `${NS}/events`).items).toHaveLength(1);
    own.run(2_000_000);
    expect(own.ok<{ items: unknown[] }>("GET", `${NS}/events`).items).toEqual([]);
    expect(own.refused("GET", `${NS}/events/e`)).toBe(`404 events "e" not found`);
    own.ok("POST", `${NS}/events`, event("default"));
  });

  test("has a newer face", () => {
    const url = "/apis/events.k8s.io/v1/namespaces/default/events";
    const made = cluster.ok("POST", url, {
      metadata: { name: "new" },
      eventTime: "2026-11-21T10:00:00.000000Z",
      regarding: { kind: "Pod", name: "web", namespace: "default" },
      reportingController: "x.io/y",
      reportingInstance: "y-1",
      action: "Acting",
      reason: "Because",
      note: "words",
      type: "Normal",
    });
    expect(made).toMatchObject({ kind: "Event", apiVersion: "events.k8s.io/v1", note: "words" });
    expect(cluster.ok("GET", `${NS}/events/new`)).toMatchObject({
      kind: "Event",
      apiVersion: "v1",
      message: "words",
      involvedObject: { name: "web" },
      reportingComponent: "x.io/y",
      reportingInstance: "y-1",
    });
    const found = cluster.ok<{ items: { metadata: { name: string } }[] }>(
      "GET",
      `${url}?fieldSelector=regarding.name%3Dweb,type%3DNormal`,
    );
    expect(found.items.map(({ metadata }) => metadata.name)).toEqual(["new"]);
  });
});
