import { describe, expect, test } from "vitest";
import { TestCluster } from "../../testing.ts";

/** Every row of facts/api-server.md, 3, for Service, Endpoints and EndpointSlice: `input object -> exact message`. */
const cluster = new TestCluster();
const NS = "/api/v1/namespaces/default";
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const NAME_PART =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

function wrong(url: string, body: object): string {
  const { message, code } = cluster.refusal("POST", url, { metadata: { name: "x" }, ...body });
  expect(code).toBe(422);
  return message.slice(message.indexOf("is invalid: ") + "is invalid: ".length);
}

const SPECIAL: readonly (readonly [ip: string, text: string])[] = [
  ["0.0.0.0", "may not be unspecified (0.0.0.0)"],
  ["127.0.0.1", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["169.254.0.1", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  ["224.0.0.1", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
];

describe("Service", () => {
  const ports = [{ port: 80 }];
  const balanced = { type: "LoadBalancer", ports };
  const only = "Forbidden: may only be used when `type` is 'LoadBalancer'";
  test.each<[string, object, string]>([
    ["a port that is too long a name", { ports: [{ port: 80, targetPort: "a".repeat(16) }] }, `spec.ports[0].targetPort: Invalid value: "${"a".repeat(16)}": must be no more than 15 characters`],
    ["a target out of range", { ports: [{ port: 80, targetPort: 65536 }] }, "spec.ports[0].targetPort: Invalid value: 65536: must be between 1 and 65535, inclusive"],
    ["port zero", { ports: [{ port: 0, targetPort: 1 }] }, "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"],
    ["an odd application protocol", { ports: [{ port: 80, appProtocol: "a b" }] }, `spec.ports[0].appProtocol: Invalid value: "a b": ${NAME_PART}`],
    ["a dotted port name", { ports: [{ port: 80, name: "a.b" }] }, 'spec.ports[0].name: Invalid value: "a.b": must not contain dots'],
    ["a bad selector key", { ports, selector: { "a b": "c" } }, `spec.selector: Invalid value: "a b": ${NAME_PART}`],
    ["an odd affinity", { ports, sessionAffinity: "Cookie" }, 'spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
    [
      "too long an affinity",
      { ports, sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_401 } } },
      "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400",
    ],
    ["two addresses of one family", { ports, clusterIP: "10.96.1.1", clusterIPs: ["10.96.1.1", "10.96.1.2"], ipFamilyPolicy: "PreferDualStack" }, 'spec.clusterIPs: Invalid value: []string{"10.96.1.1", "10.96.1.2"}: may specify no more than one IP for each IP family'],
    ["addresses that differ", { ports, clusterIP: "10.96.1.1", clusterIPs: ["10.96.1.2"] }, 'spec.clusterIPs: Invalid value: []string{"10.96.1.2"}: first value must match `clusterIP`'],
    ["no address but addresses", { ports, clusterIPs: ["10.96.1.2"] }, 'spec.clusterIPs: Invalid value: []string{"10.96.1.2"}: must be empty when `clusterIP` is not specified'],
    ["no headless second", { ports, clusterIP: "None", clusterIPs: ["None", "10.96.1.2"] }, `spec.clusterIPs: Invalid value: []string{"None", "10.96.1.2"}: 'None' must be the first and only value`],
    ["no address", { ports, clusterIP: "web" }, `spec.clusterIPs[0]: Invalid value: "web": ${IP}`],
    ["the wrong family", { ports, clusterIP: "10.96.1.1", ipFamilies: ["IPv6"] }, 'spec.clusterIPs[0]: Invalid value: "10.96.1.1": expected an IPv6 value as indicated by `ipFamilies[0]`'],
    ["an odd family", { ports, ipFamilies: ["IPv5"] }, 'spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"'],
    ["a family twice", { ports, ipFamilies: ["IPv4", "IPv4"], ipFamilyPolicy: "PreferDualStack" }, 'spec.ipFamilies[1]: Duplicate value: "IPv4"'],
    ["an odd policy", { ports, ipFamilyPolicy: "Both" }, 'spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"'],
    ["an external address that is none", { ports, externalIPs: ["a"] }, `spec.externalIPs[0]: Invalid value: "a": ${IP}`],
    ...SPECIAL.map(([ip, text]): [string, object, string] => [`external ${ip}`, { ports, externalIPs: [ip] }, `spec.externalIPs[0]: Invalid value: "${ip}": ${text}`]),
    ["an odd type", { ports, type: "Public" }, 'spec.type: Unsupported value: "Public": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'],
    ["a node port of nobody", { ports: [{ port: 80, nodePort: 30_080 }] }, "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ["a bad external name", { type: "ExternalName", externalName: "a_b" }, `spec.externalName: Invalid value: "a_b": ${SUBDOMAIN}`],
    ["source ranges of nobody", { ports, loadBalancerSourceRanges: ["10.0.0.0/8"] }, `spec.LoadBalancerSourceRanges: ${only}`],
    ["a bad source range", { ...balanced, loadBalancerSourceRanges: ["10.0.0.0"] }, 'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
    ["node ports of nobody", { ports, allocateLoadBalancerNodePorts: true }, `spec.allocateLoadBalancerNodePorts: ${only}`],
    ["a class of nobody", { ports, loadBalancerClass: "a.b/c" }, `spec.loadBalancerClass: ${only}`],
    ["a policy of nobody", { ports, externalTrafficPolicy: "Local" }, 'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
    ["an odd external policy", { ...balanced, externalTrafficPolicy: "Near" }, 'spec.externalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"'],
    ["an odd internal policy", { ports, internalTrafficPolicy: "Near" }, 'spec.internalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"'],
    ["a health port of nobody", { ports, healthCheckNodePort: 30_000 }, "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"],
    ["an odd distribution", { ports, trafficDistribution: "PreferFar" }, 'spec.trafficDistribution: Unsupported value: "PreferFar": supported values: "PreferClose"'],
  ])("%s", (_, spec, text) => expect(wrong(`${NS}/services`, { spec })).toBe(text)); // prettier-ignore

  test("its status", () => {
    cluster.ok("POST", `${NS}/services`, { metadata: { name: "plain" }, spec: { ports } });
    cluster.ok("POST", `${NS}/services`, { metadata: { name: "lb" }, spec: balanced });
    const put = (name: string, ingress: object[]): string =>
      cluster.refused("PUT", `${NS}/services/${name}/status`, {
        metadata: { name },
        status: { loadBalancer: { ingress } },
      });
    expect(put("plain", [{ hostname: "a.b" }])).toBe(
      "422 Service \"plain\" is invalid: status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
    );
    expect(put("lb", [{ hostname: "1.2.3.4" }, { hostname: "a.b", ipMode: "VIP" }])).toBe(
      '422 Service "lb" is invalid: [status.loadBalancer.ingress[0].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address, status.loadBalancer.ingress[1].ipMode: Forbidden: may not be specified when `ip` is not set]',
    );
  });
});

describe("Endpoints", () => {
  const of = (subset: object): object => ({ subsets: [subset] });
  const at = (ip: string): object => of({ addresses: [{ ip }] });
  const port = (entry: object): object => of({ addresses: [{ ip: "10.0.0.1" }], ports: [entry] });
  test.each<[string, object, string]>([
    ...SPECIAL.map(([ip, text]): [string, object, string] => [ip, at(ip), `subsets[0].addresses[0].ip: Invalid value: "${ip}": ${text}`]),
    ["an address that is not ready", of({ notReadyAddresses: [{ ip: "a" }] }), `[subsets[0].notReadyAddresses[0].ip: Invalid value: "a": ${IP}, subsets[0].notReadyAddresses[0].ip: Invalid value: "a": must be a valid IP address]`],
    ["a bad host name", of({ addresses: [{ ip: "10.0.0.1", hostname: "A" }] }), `subsets[0].addresses[0].hostname: Invalid value: "A": ${LABEL}`],
    ["a bad node", of({ addresses: [{ ip: "10.0.0.1", nodeName: "A_" }] }), `subsets[0].addresses[0].nodeName: Invalid value: "A_": ${SUBDOMAIN}`],
    ["a port out of range", port({ port: 65_536 }), "subsets[0].ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive"],
    ["a bad port name", port({ port: 1, name: "A" }), `subsets[0].ports[0].name: Invalid value: "A": ${LABEL}`],
    ["an odd application protocol", port({ port: 1, appProtocol: "a b" }), `subsets[0].ports[0].appProtocol: Invalid value: "a b": ${NAME_PART}`],
  ])("%s", (_, body, text) => expect(wrong(`${NS}/endpoints`, body)).toBe(text)); // prettier-ignore
});

describe("EndpointSlice", () => {
  const url = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
  const slice = (endpoint: object, addressType = "IPv4"): object => ({ addressType, endpoints: [endpoint], ports: [] });
  const at = (address: string, type?: string): object => slice({ addresses: [address] }, type);
  const port = (entry: object): object => ({ addressType: "IPv4", endpoints: [], ports: [entry] });
  const ADDRESS = "endpoints[0].addresses[0]";
  test.each<[string, object, string]>([
    ["no address", at("web"), `${ADDRESS}: Invalid value: "web": ${IP}`],
    ["the other family", at("10.0.0.1", "IPv6"), `${ADDRESS}: Invalid value: "10.0.0.1": must be an IPv6 address`],
    ...SPECIAL.map(([ip, text]): [string, object, string] => [ip, at(ip), `${ADDRESS}: Invalid value: "${ip}": ${text}`]),
    ["a name with one segment", at("web", "FQDN"), `${ADDRESS}: Invalid value: "web": should be a domain with at least two segments separated by dots`],
    ["a bad name", at("a_.b", "FQDN"), `${ADDRESS}: Invalid value: "a_.b": ${SUBDOMAIN}`],
    ["too many addresses", slice({ addresses: Array.from({ length: 101 }, () => "10.0.0.1") }), "endpoints[0].addresses: Too many: 101: must have at most 100 items"],
    ["a bad node", slice({ addresses: ["10.0.0.1"], nodeName: "A_" }), `endpoints[0].nodeName: Invalid value: "A_": ${SUBDOMAIN}`],
    ["a bad host name", slice({ addresses: ["10.0.0.1"], hostname: "A" }), `endpoints[0].hostname: Invalid value: "A": ${LABEL}`],
    ["a zone twice", slice({ addresses: ["10.0.0.1"], hints: { forZones: [{ name: "a" }, { name: "a" }] } }), 'endpoints[0].hints.forZones[1].name: Duplicate value: "a"'],
    ["a bad port name", port({ name: "A", port: 1 }), `ports[0].name: Invalid value: "A": ${LABEL}`],
    ["an odd protocol", port({ port: 1, protocol: "HTTP" }), 'ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"'],
    ["an odd application protocol", port({ port: 1, appProtocol: "a b" }), `ports[0].appProtocol: Invalid value: "a b": ${NAME_PART}`],
  ])("%s", (_, body, text) => expect(wrong(url, body)).toBe(text)); // prettier-ignore
});
