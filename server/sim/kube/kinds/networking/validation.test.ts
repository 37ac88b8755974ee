import { describe, expect, test } from "vitest";
import { TestCluster } from "../testing.ts";

const cluster = new TestCluster();
const GROUP = "/apis/networking.k8s.io/v1";
const NAMESPACED = `${GROUP}/namespaces/default`;
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const WILDCARD =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/** What is wrong with an object, without the words that all refusals begin with. */
function wrong(url: string, body: object): string {
  const { message, code } = cluster.refusal("POST", url, { metadata: { name: "x" }, ...body });
  expect(code).toBe(422);
  return message.slice(message.indexOf("is invalid: ") + "is invalid: ".length);
}

describe("Ingress", () => {
  const service = { name: "web", port: { number: 80 } };
  const path = (entry: object): object => ({
    rules: [{ http: { paths: [{ path: "/", pathType: "Prefix", backend: { service }, ...entry }] } }],
  });
  const backend = (one: object): object => ({ defaultBackend: one });
  const AT = "spec.rules[0].http.paths[0]";
  test.each<[string, object, string]>([
    [
      "nothing to route",
      {},
      "spec: Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified",
    ],
    [
      "an address for a host",
      { rules: [{ host: "10.0.0.1" }] },
      'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ],
    ["a bad host", { rules: [{ host: "A.b" }] }, `spec.rules[0].host: Invalid value: "A.b": ${SUBDOMAIN}`],
    ["a bad wildcard", { rules: [{ host: "a.*.b" }] }, `spec.rules[0].host: Invalid value: "a.*.b": ${WILDCARD}`],
    ["no paths", { rules: [{ http: { paths: [] } }] }, "spec.rules[0].http.paths: Required value"],
    [
      "no path type",
      { rules: [{ http: { paths: [{ path: "x", backend: {} }] } }] },
      `${AT}.pathType: Required value: pathType must be specified`,
    ],
    [
      "a wrong path type",
      path({ pathType: "Regex" }),
      `${AT}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
    ],
    ["a relative path", path({ path: "x" }), `${AT}.path: Invalid value: "x": must be an absolute path`],
    ["no path", path({ path: "" }), `${AT}.path: Invalid value: "": must be an absolute path`],
    [
      "a relative path of any kind",
      path({ path: "x", pathType: "ImplementationSpecific" }),
      `${AT}.path: Invalid value: "x": must be an absolute path`,
    ],
    ["two slashes", path({ path: "/a//b" }), `${AT}.path: Invalid value: "/a//b": must not contain '//'`],
    ["a dot", path({ path: "/a/./b" }), `${AT}.path: Invalid value: "/a/./b": must not contain '/./'`],
    ["two dots", path({ path: "/a/../b" }), `${AT}.path: Invalid value: "/a/../b": must not contain '/../'`],
    ["a hidden slash", path({ path: "/a%2fb" }), `${AT}.path: Invalid value: "/a%2fb": must not contain '%2f'`],
    ["a hidden slash", path({ path: "/a%2Fb" }), `${AT}.path: Invalid value: "/a%2Fb": must not contain '%2F'`],
    ["dots at the end", path({ path: "/a/.." }), `${AT}.path: Invalid value: "/a/..": cannot end with '/..'`],
    ["a dot at the end", path({ path: "/a/." }), `${AT}.path: Invalid value: "/a/.": cannot end with '/.'`],
    ["no backend", backend({}), 'spec.defaultBackend: Invalid value: "": resource or service backend is required'],
    [
      "two backends",
      backend({ service, resource: { kind: "Bucket", name: "b" } }),
      'spec.defaultBackend: Invalid value: "": cannot set both resource and service backends',
    ],
    [
      "a port twice",
      backend({ service: { name: "web", port: { name: "http", number: 80 } } }),
      'spec.defaultBackend: Invalid value: "": cannot set both port name & port number',
    ],
    [
      "no port",
      backend({ service: { name: "web" } }),
      "spec.defaultBackend: Required value: port name or number is required",
    ],
    [
      "no service name",
      backend({ service: { name: "", port: { number: 80 } } }),
      "spec.defaultBackend.service.name: Required value",
    ],
    [
      "a bad service name",
      backend({ service: { name: "1web", port: { number: 80 } } }),
      `spec.defaultBackend.service.name: Invalid value: "1web": ${LABEL_1035}`,
    ],
    [
      "a bad port name",
      backend({ service: { name: "web", port: { name: "a--b" } } }),
      'spec.defaultBackend.service.port.name: Invalid value: "a--b": must not contain consecutive hyphens',
    ],
    [
      "a bad port number",
      backend({ service: { name: "web", port: { number: 70000 } } }),
      "spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive",
    ],
    [
      "a resource without a name",
      backend({ resource: { apiGroup: "A_", kind: "", name: "" } }),
      `[spec.defaultBackend.resource.apiGroup: Invalid value: "A_": ${SUBDOMAIN}, spec.defaultBackend.resource.kind: Required value: kind is required, spec.defaultBackend.resource.name: Required value: name is required]`,
    ],
    [
      "bad TLS",
      { ...backend({ service }), tls: [{ hosts: ["a_b", "*"], secretName: "A" }] },
      `[spec.tls[0].hosts[0]: Invalid value: "a_b": ${SUBDOMAIN}, spec.tls[0].hosts[1]: Invalid value: "*": ${WILDCARD}, spec.tls[0].secretName: Invalid value: "A": ${SUBDOMAIN}]`,
    ],
    [
      "a bad class",
      { ...backend({ service }), ingressClassName: "Nginx" },
      `spec.ingressClassName: Invalid value: "Nginx": ${SUBDOMAIN}`,
    ],
  ])("%s", (_, spec, text) => expect(wrong(`${NAMESPACED}/ingresses`, { spec })).toBe(text));

  test("an annotation and a class that differ", () => {
    const metadata = { name: "x", annotations: { "kubernetes.io/ingress.class": "a" } };
    expect(
      wrong(`${NAMESPACED}/ingresses`, { metadata, spec: { ...backend({ service }), ingressClassName: "b" } }),
    ).toBe(
      'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both are specified',
    );
  });

  test("the old annotation alone is deprecated", () => {
    const metadata = { name: "old", annotations: { "kubernetes.io/ingress.class": "a" } };
    expect(cluster.warnings("POST", `${NAMESPACED}/ingresses`, { metadata, spec: backend({ service }) })).toEqual([
      `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
    ]);
  });

  test("status", () => {
    cluster.ok("POST", `${NAMESPACED}/ingresses`, { metadata: { name: "up" }, spec: backend({ service }) });
    const object = {
      metadata: { name: "up" },
      status: { loadBalancer: { ingress: [{ ip: "1.2" }, { hostname: "1.2.3.4" }] } },
    };
    expect(cluster.refused("PUT", `${NAMESPACED}/ingresses/up/status`, object)).toBe(
      '422 Ingress.networking.k8s.io "up" is invalid: [status.loadBalancer.ingress[0].ip: Invalid value: "1.2": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff), status.loadBalancer.ingress[1].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address]',
    );
  });
});

describe("IngressClass", () => {
  const parameters = { kind: "Config", name: "c" };
  const controller = "example.com/ingress";
  test.each<[string, object, string]>([
    ["no controller", {}, "spec.controller: Required value"],
    [
      "no domain",
      { controller: "nginx" },
      'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")',
    ],
    [
      "a bad domain and path",
      { controller: "A/b c" },
      `[spec.controller: Invalid value: "A": ${SUBDOMAIN}, spec.controller: Invalid value: "b c": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')]`,
    ],
    ["too long", { controller: `a.b/${"c".repeat(250)}` }, "spec.controller: Too long: may not be more than 250 bytes"],
    [
      "parameters without kind and name",
      { controller, parameters: { kind: "", name: "" } },
      "[spec.parameters.kind: Required value: kind is required, spec.parameters.name: Required value: name is required]",
    ],
    [
      "a name that is no part of a path",
      { controller, parameters: { ...parameters, name: "a/b" } },
      "spec.parameters.name: Invalid value: \"a/b\": may not contain '/'",
    ],
    [
      "a wrong scope",
      { controller, parameters: { ...parameters, scope: "Node" } },
      'spec.parameters.scope: Unsupported value: "Node": supported values: "Cluster", "Namespace"',
    ],
    [
      "a namespace that is missing",
      { controller, parameters: { ...parameters, scope: "Namespace" } },
      "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
    ],
    [
      "a namespace too much",
      { controller, parameters: { ...parameters, namespace: "a" } },
      "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
    ],
    [
      "a bad namespace",
      { controller, parameters: { ...parameters, scope: "Namespace", namespace: "A" } },
      `spec.parameters.namespace: Invalid value: "A": ${LABEL}`,
    ],
  ])("%s", (_, spec, text) => expect(wrong(`${GROUP}/ingressclasses`, { spec })).toBe(text));

  test("the controller is for ever", () => {
    cluster.ok("POST", `${GROUP}/ingressclasses`, { metadata: { name: "a" }, spec: { controller } });
    const object = { metadata: { name: "a" }, spec: { controller: "example.com/other" } };
    expect(cluster.refused("PUT", `${GROUP}/ingressclasses/a`, object)).toContain(
      'spec.controller: Invalid value: "example.com/other": field is immutable',
    );
  });
});

describe("NetworkPolicy", () => {
  const from = (peer: object): object => ({ podSelector: {}, ingress: [{ from: [peer] }] });
  const to = (port: object): object => ({ podSelector: {}, egress: [{ ports: [port] }] });
  const PEER = "spec.ingress[0].from[0]";
  const PORT = "spec.egress[0].ports[0]";
  const CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
  test.each<[string, object, string]>([
    [
      "a bad selector",
      {
        podSelector: {
          matchExpressions: [
            { key: "a", operator: "In" },
            { key: "b", operator: "Exists", values: ["c"] },
            { key: "d", operator: "Is" },
          ],
        },
      },
      "[spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn', spec.podSelector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist', spec.podSelector.matchExpressions[2].operator: Invalid value: \"Is\": not a valid selector operator]",
    ],
    [
      "a wrong protocol",
      to({ protocol: "tcp", port: 80 }),
      `${PORT}.protocol: Unsupported value: "tcp": supported values: "TCP", "UDP", "SCTP"`,
    ],
    ["a bad port", to({ port: 0 }), `${PORT}.port: Invalid value: 0: must be between 1 and 65535, inclusive`],
    [
      "a bad port name",
      to({ port: "a_" }),
      `${PORT}.port: Invalid value: "a_": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
    ],
    [
      "an end before the port",
      to({ port: 80, endPort: 79 }),
      `${PORT}.endPort: Invalid value: 80: must be greater than or equal to \`port\``,
    ],
    [
      "an end beyond all ports",
      to({ port: 80, endPort: 65536 }),
      `${PORT}.endPort: Invalid value: 65536: must be between 1 and 65535, inclusive`,
    ],
    [
      "an end of a name",
      to({ port: "http", endPort: 90 }),
      `${PORT}.endPort: Invalid value: 90: may not be specified when \`port\` is non-numeric`,
    ],
    [
      "an end without a port",
      to({ endPort: 90 }),
      `${PORT}.endPort: Invalid value: 90: may not be specified when \`port\` is not specified`,
    ],
    ["no peer", from({}), `${PEER}: Required value: must specify a peer`],
    [
      "two kinds of peers",
      from({ ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} }),
      `${PEER}: Forbidden: may not specify both ipBlock and another peer`,
    ],
    ["no range", from({ ipBlock: { cidr: "" } }), `${PEER}.ipBlock.cidr: Required value`],
    [
      "a bad range",
      from({ ipBlock: { cidr: "10.0.0.0" } }),
      `${PEER}.ipBlock.cidr: Invalid value: "10.0.0.0": ${CIDR}`,
    ],
    [
      "a bad exception",
      from({ ipBlock: { cidr: "10.0.0.0/8", except: ["10.0.0.0/33"] } }),
      `${PEER}.ipBlock.except[0]: Invalid value: "10.0.0.0/33": ${CIDR}`,
    ],
    ...["11.0.0.0/16", "10.0.0.0/8", "0.0.0.0/0", "fd00::/16"].map((except): [string, object, string] => [
      `an exception that is not inside: ${except}`,
      from({ ipBlock: { cidr: "10.0.0.0/8", except: [except] } }),
      `${PEER}.ipBlock.except[0]: Invalid value: "${except}": must be a strict subset of \`cidr\``,
    ]),
    [
      "three types",
      { podSelector: {}, policyTypes: ["Ingress", "Egress", "Ingress"] },
      'spec.policyTypes: Invalid value: []networking.PolicyType{"Ingress", "Egress", "Ingress"}: may not specify more than two policyTypes',
    ],
    [
      "a wrong type",
      { podSelector: {}, policyTypes: ["ingress"] },
      'spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress"',
    ],
  ])("%s", (_, spec, text) => expect(wrong(`${NAMESPACED}/networkpolicies`, { spec })).toBe(text));

  test("bits beyond the prefix are warned of", () => {
    const spec = from({ ipBlock: { cidr: "10.1.2.3/16", except: ["10.1.9.9/24"] } });
    expect(cluster.warnings("POST", `${NAMESPACED}/networkpolicies`, { metadata: { name: "w" }, spec })).toEqual([
      `${PEER}.ipBlock.cidr: CIDR value "10.1.2.3/16" is ambiguous in this context (should be "10.1.0.0/16" or "10.1.2.3/32"?)`,
      `${PEER}.ipBlock.except[0]: CIDR value "10.1.9.9/24" is ambiguous in this context (should be "10.1.9.0/24" or "10.1.9.9/32"?)`,
    ]);
  });

  test("defaults", () => {
    const url = `${NAMESPACED}/networkpolicies`;
    const spec = { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] };
    expect(cluster.ok<{ spec: object }>("POST", url, { metadata: { name: "d" }, spec }).spec).toEqual({
      podSelector: {},
      egress: [{ ports: [{ port: 53, protocol: "TCP" }] }],
      policyTypes: ["Ingress", "Egress"],
    });
  });
});

describe("ServiceCIDR", () => {
  const cidrs = (...list: string[]): object => ({ spec: { cidrs: list } });
  const AT = (value: string, why: string): string => `spec.cidrs[0]: Invalid value: "${value}": ${why}`;
  test.each<[string, object, string]>([
    ["no range", {}, "spec.cidrs: Required value: at least one CIDR required"],
    [
      "three ranges",
      cidrs("10.0.0.0/8", "fd00::/64", "11.0.0.0/8"),
      'spec.cidrs: Invalid value: networking.ServiceCIDRSpec{CIDRs:[]string{"10.0.0.0/8", "fd00::/64", "11.0.0.0/8"}}: may only hold up to 2 values',
    ],
    [
      "two of a family",
      cidrs("10.0.0.0/8", "11.0.0.0/8"),
      'spec.cidrs: Invalid value: networking.ServiceCIDRSpec{CIDRs:[]string{"10.0.0.0/8", "11.0.0.0/8"}}: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    ],
    ["no CIDR", cidrs("10.0.0.0"), AT("10.0.0.0", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")],
    ["host bits", cidrs("10.0.0.1/8"), AT("10.0.0.1/8", "must not have bits set beyond the prefix length")],
    ["leading zeros", cidrs("010.0.0.0/8"), AT("010.0.0.0/8", "must not have leading 0s in IP or prefix length")],
    ["another form", cidrs("FD00::/64"), AT("FD00::/64", 'must be in canonical form ("fd00::/64")')],
  ])("%s", (_, body, text) => expect(wrong(`${GROUP}/servicecidrs`, body)).toBe(text));

  test("a second family may come, all else stays", () => {
    const url = `${GROUP}/servicecidrs/grow`;
    const put = (...list: string[]): string =>
      cluster.refused("PUT", url, { metadata: { name: "grow" }, ...cidrs(...list) });
    cluster.ok("POST", `${GROUP}/servicecidrs`, { metadata: { name: "grow" }, ...cidrs("10.50.0.0/16") });
    expect(put("10.51.0.0/16")).toContain('spec.cidrs[0]: Invalid value: "10.51.0.0/16": field is immutable');
    cluster.ok("PUT", url, { metadata: { name: "grow" }, ...cidrs("10.50.0.0/16", "fd00::/64") });
    expect(put("10.50.0.0/16")).toContain('spec.cidrs: Invalid value: []string{"10.50.0.0/16"}: field is immutable');
    cluster.ok("DELETE", url);
  });
});

describe("IPAddress", () => {
  const parentRef = { resource: "services", namespace: "default", name: "web" };
  const named = (name: string): object => ({ metadata: { name }, spec: { parentRef } });
  const url = `${GROUP}/ipaddresses`;
  test.each<[string, object, string]>([
    [
      "no address",
      named("web"),
      'metadata.name: Invalid value: "web": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
    ["leading zeros", named("10.0.0.01"), 'metadata.name: Invalid value: "10.0.0.01": must not have leading 0s'],
    [
      "another form",
      named("FD00::1"),
      'metadata.name: Invalid value: "FD00::1": must be in canonical form ("fd00::1")',
    ],
    [
      "a mapped one",
      named("::ffff:1.2.3.4"),
      'metadata.name: Invalid value: "::ffff:1.2.3.4": must not be an IPv4-mapped IPv6 address',
    ],
    ["no parent", { metadata: { name: "10.9.9.9" } }, "spec.parentRef: Required value"],
    [
      "an empty parent",
      { metadata: { name: "10.9.9.9" }, spec: { parentRef: {} } },
      "[spec.parentRef.resource: Required value, spec.parentRef.name: Required value]",
    ],
    [
      "parts that are no parts of a path",
      {
        metadata: { name: "10.9.9.9" },
        spec: { parentRef: { group: "A", resource: "a/b", namespace: "..", name: "c%d" } },
      },
      `[spec.parentRef.group: Invalid value: "A": ${SUBDOMAIN}, spec.parentRef.resource: Invalid value: "a/b": may not contain '/', spec.parentRef.name: Invalid value: "c%d": may not contain '%', spec.parentRef.namespace: Invalid value: "..": may not be '..']`,
    ],
  ])("%s", (_, body, text) => expect(wrong(url, body)).toBe(text));

  test("the parent is for ever", () => {
    cluster.ok("POST", url, named("10.9.9.9"));
    const object = { metadata: { name: "10.9.9.9" }, spec: { parentRef: { ...parentRef, name: "other" } } };
    expect(cluster.refused("PUT", `${url}/10.9.9.9`, object)).toContain(
      'spec.parentRef: Invalid value: networking.ParentReference{Group:"", Resource:"services", Namespace:"default", Name:"other"}: field is immutable',
    );
  });
});
