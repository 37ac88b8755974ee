import { describe, expect, test } from "vitest";
import { TestCluster } from "../../testing.ts";

const cluster = new TestCluster();
const URL = "/api/v1/namespaces/default/services";

/** What is wrong with a Service of this spec. */
function wrong(spec: object, metadata: object = {}): string {
  const { message, code } = cluster.refusal("POST", URL, { metadata: { name: "web", ...metadata }, spec });
  expect(code).toBe(422);
  return message.replace('Service "web" is invalid: ', "");
}

const ports = [{ port: 80 }];
const external = { type: "ExternalName", externalName: "example.com" };

describe("create", () => {
  test.each<[string, object, string]>([
    ["no ports", { selector: { a: "b" } }, "spec.ports: Required value"],
    [
      "headless node port",
      { type: "NodePort", clusterIP: "None", ports },
      `spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`,
    ],
    [
      "headless load balancer",
      { type: "LoadBalancer", clusterIP: "None", ports },
      `spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for LoadBalancer services`,
    ],
    [
      "unnamed ports",
      { ports: [{ port: 80 }, { port: 81 }] },
      "[spec.ports[0].name: Required value, spec.ports[1].name: Required value]",
    ],
    [
      "equal port names",
      {
        ports: [
          { name: "a", port: 80 },
          { name: "a", port: 81 },
        ],
      },
      `spec.ports[1].name: Duplicate value: "a"`,
    ],
    [
      "bad port name",
      { ports: [{ name: "A_b", port: 80 }] },
      `spec.ports[0].name: Invalid value: "A_b": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    ],
    [
      "port out of range",
      { ports: [{ port: 70000, targetPort: 80 }] },
      "spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive",
    ],
    [
      "bad target name",
      { ports: [{ port: 80, targetPort: "--" }] },
      `[spec.ports[0].targetPort: Invalid value: "--": must contain at least one letter (a-z), spec.ports[0].targetPort: Invalid value: "--": must not contain consecutive hyphens, spec.ports[0].targetPort: Invalid value: "--": must not begin or end with a hyphen]`,
    ],
    [
      "bad protocol",
      { ports: [{ port: 80, protocol: "tcp" }] },
      `spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"`,
    ],
    [
      "equal ports",
      {
        ports: [
          { name: "a", port: 80 },
          { name: "b", port: 80 },
        ],
      },
      `spec.ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", AppProtocol:(*string)(nil), Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
    ],
    [
      "bad selector value",
      { ports, selector: { app: "a b" } },
      `spec.selector: Invalid value: "a b": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
    [
      "bad affinity",
      { ports, sessionAffinity: "Cookie" },
      `spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"`,
    ],
    [
      "affinity for too long",
      { ports, sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 90000 } } },
      "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: must be greater than 0 and less than 86400",
    ],
    [
      "bad type",
      { ports, type: "Cluster" },
      `spec.type: Unsupported value: "Cluster": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"`,
    ],
    [
      "node port of a cluster IP",
      { ports: [{ port: 80, nodePort: 30080 }] },
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
    [
      "local traffic without the outside",
      { ports, externalTrafficPolicy: "Local" },
      `spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services`,
    ],
    [
      "bad traffic policies",
      { ports, type: "NodePort", externalTrafficPolicy: "Here", internalTrafficPolicy: "There" },
      `[spec.externalTrafficPolicy: Unsupported value: "Here": supported values: "Cluster", "Local", spec.internalTrafficPolicy: Unsupported value: "There": supported values: "Cluster", "Local"]`,
    ],
    [
      "bad distribution",
      { ports, trafficDistribution: "Close" },
      `spec.trafficDistribution: Unsupported value: "Close": supported values: "PreferClose"`,
    ],
    [
      "load balancer's fields elsewhere",
      {
        ports,
        loadBalancerSourceRanges: ["10.0.0.0/8"],
        allocateLoadBalancerNodePorts: true,
        loadBalancerClass: "x.com/y",
      },
      "[spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer', spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer', spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer']",
    ],
    [
      "bad external IPs",
      { ports, externalIPs: ["0.0.0.0", "127.0.0.1", "169.254.1.1", "224.0.0.1", "x"] },
      `[spec.externalIPs[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0), spec.externalIPs[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128), spec.externalIPs[2]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10), spec.externalIPs[3]: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10), spec.externalIPs[4]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)]`,
    ],
    ["a name without a name", { type: "ExternalName" }, "spec.externalName: Required value"],
    [
      "a name with an address",
      { ...external, clusterIP: "10.96.0.77", ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" },
      "[spec.clusterIPs: Forbidden: may not be set for ExternalName services, spec.ipFamilies: Forbidden: may not be set for ExternalName services, spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services]",
    ],
  ])("%s", (_, spec, text) => expect(wrong(spec)).toBe(text));

  test("a bad name comes first", () => {
    expect(cluster.refused("POST", URL, { metadata: { name: "1web" }, spec: {} })).toBe(
      `422 Service "1web" is invalid: [metadata.name: Invalid value: "1web": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?'), spec.ports: Required value]`,
    );
  });
});

describe("update", () => {
  const own = new TestCluster();
  const put = (
    name: string,
    change: (service: Record<string, never> & { spec: Record<string, unknown> }) => void,
  ): string => {
    const service = structuredClone(own.ok("GET", `${URL}/${name}`)) as never;
    change(service);
    return own.refused("PUT", `${URL}/${name}`, service);
  };

  test("the address stays", () => {
    own.ok("POST", URL, { metadata: { name: "fixed" }, spec: { ports, clusterIP: "10.96.5.5" } });
    expect(put("fixed", ({ spec }) => Object.assign(spec, { clusterIP: "10.96.5.6", clusterIPs: ["10.96.5.6"] }))).toBe(
      `422 Service "fixed" is invalid: spec.clusterIPs[0]: Invalid value: []string{"10.96.5.6"}: may not change once set`,
    );
    expect(put("fixed", ({ spec }) => Object.assign(spec, { clusterIPs: ["10.96.5.6"] }))).toBe(
      `422 Service "fixed" is invalid: spec.clusterIPs: Invalid value: []string{"10.96.5.6"}: first value must match \`clusterIP\``,
    );
  });

  test("what an update leaves out comes back", () => {
    const made = own.ok<{ spec: { clusterIP: string; ports: { nodePort: number }[] }; metadata: object }>("POST", URL, {
      metadata: { name: "kept" },
      spec: { ports, type: "NodePort" },
    });
    const again = own.ok<typeof made>("PUT", `${URL}/kept`, {
      metadata: made.metadata,
      spec: { ports: [{ port: 80, targetPort: 8080 }], type: "NodePort" },
    });
    expect([again.spec.clusterIP, again.spec.ports[0]]).toEqual([
      made.spec.clusterIP,
      { port: 80, targetPort: 8080, protocol: "TCP", nodePort: made.spec.ports[0]!.nodePort },
    ]);
  });

  test("a change of type drops what belonged to the old one", () => {
    own.ok("POST", URL, {
      metadata: { name: "typed" },
      spec: { ports, type: "NodePort", externalTrafficPolicy: "Local" },
    });
    const patch = (spec: object): { spec: Record<string, unknown> } =>
      own.ok("PATCH", `${URL}/typed`, { spec }, { contentType: "application/merge-patch+json" });
    const { spec } = patch({ type: "ClusterIP" });
    expect(spec["ports"]).toEqual([{ port: 80, protocol: "TCP", targetPort: 80 }]);
    expect(spec["externalTrafficPolicy"]).toBeUndefined();
    const named = patch({ type: "ExternalName", externalName: "example.com" }).spec;
    expect([named["clusterIP"], named["clusterIPs"], named["ipFamilies"]]).toEqual([undefined, undefined, undefined]);
  });

  test("a health check port stays", () => {
    own.ok("POST", URL, {
      metadata: { name: "checked" },
      spec: { ports, type: "LoadBalancer", externalTrafficPolicy: "Local" },
    });
    expect(put("checked", ({ spec }) => Object.assign(spec, { healthCheckNodePort: 30999 }))).toBe(
      `422 Service "checked" is invalid: spec.healthCheckNodePort: Forbidden: field is immutable`,
    );
  });

  test("only load balancers have addresses of one", () => {
    own.ok("POST", URL, { metadata: { name: "inner" }, spec: { ports } });
    const status = { loadBalancer: { ingress: [{ ip: "1.2.3.4", ipMode: "VIP" }] } };
    expect(
      own.refused("PATCH", `${URL}/inner/status`, { status }, { contentType: "application/merge-patch+json" }),
    ).toBe(
      `422 Service "inner" is invalid: status.loadBalancer.ingress: Forbidden: may only be used when \`spec.type\` is 'LoadBalancer'`,
    );
  });
});
