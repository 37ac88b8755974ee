import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { saveRules } from "../../../net/index.ts";
import { machine, testNetwork } from "../../../net/testing.ts";
import type { EndpointSlice, Service } from "../../api/index.ts";
import { withDefaults } from "./config.ts";
import { localDetector } from "./platform.ts";
import type { ProxierSettings } from "./proxier.ts";
import { FULL, proxier, service, slice, type TestEndpoint } from "./testing.ts";

/** What kube-proxy writes for each form, by its name. */
const EXPECTED = new Map(
  readFileSync(new URL("fixtures/forms.rules", import.meta.url), "utf8")
    .split(/^# form: /m)
    .slice(1)
    .map((part) => {
      const [name, ...rules] = part.trimEnd().split("\n");
      return [name!, rules] as const;
    }),
);

const HTTP = [{ name: "http", port: 80, targetPort: 8080, protocol: "TCP" as const }];
const WITH_NODE_PORT = [{ ...HTTP[0]!, nodePort: 30080 }];
const HERE = { ip: "10.244.0.2", node: "node01" };
const THERE = { ip: "10.244.1.3", node: "node02" };
const THIRD = { ip: "10.244.2.4", node: "node03" };
const BALANCER = "203.0.113.80";

interface Form {
  readonly objects: readonly (Service | EndpointSlice)[];
  readonly settings?: Partial<ProxierSettings>;
  readonly zone?: string;
}

function web(spec: Partial<Service["spec"]>, endpoints: readonly TestEndpoint[], ingress: readonly string[] = []) {
  const ports = spec.type === "NodePort" || spec.type === "LoadBalancer" ? WITH_NODE_PORT : HTTP;
  return [
    service("default/web", { clusterIP: "10.96.0.5", ports, ...spec }, ingress),
    slice("default/web", endpoints, [{ name: "http", port: 8080 }]),
  ];
}

const LOCAL = { externalTrafficPolicy: "Local" as const };
const AT_HOME = { internalTrafficPolicy: "Local" as const };
const NODE_PORT = { type: "NodePort" as const };
const LOAD_BALANCER = { type: "LoadBalancer" as const };
const EXTERNAL = { externalIPs: ["198.51.100.7"] };
const CHECKED = { ...LOAD_BALANCER, ...LOCAL, healthCheckNodePort: 31000 };
const going = { ready: false, serving: true, terminating: true };
const gone = { ready: false, serving: false, terminating: true };

function detected(config: Record<string, unknown>, podCIDRs: readonly string[] = []): Form["settings"] {
  return { detector: localDetector(withDefaults(config), podCIDRs) };
}

const FORMS: Readonly<Record<string, Form>> = {
  "ClusterIP with three endpoints": { objects: web({}, [THIRD, HERE, THERE]) },
  "ClusterIP without endpoints": { objects: web({}, []) },
  "ClusterIP whose endpoints are not ready": { objects: web({}, [{ ...HERE, ready: false }]) },
  "a port without a name": {
    objects: [
      service("default/web", { clusterIP: "10.96.0.5", ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }] }),
      slice("default/web", [HERE], [{ port: 8080 }]),
    ],
  },
  "several ports and protocols": {
    objects: [
      service("default/web", {
        clusterIP: "10.96.0.5",
        ports: [
          ...HTTP,
          { name: "dns", port: 53, targetPort: 5353, protocol: "UDP" },
          { name: "sig", port: 2905, targetPort: 2905, protocol: "SCTP" },
          { name: "admin", port: 9000, targetPort: "admin", protocol: "TCP" },
        ],
      }),
      slice(
        "default/web",
        [HERE],
        [
          { name: "http", port: 8080 },
          { name: "dns", port: 5353, protocol: "UDP" },
          { name: "sig", port: 2905, protocol: "SCTP" },
        ],
      ),
    ],
  },
  "session affinity": {
    objects: web({ sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } }, [
      HERE,
      THERE,
    ]),
  },
  "internal policy Local with an endpoint here": { objects: web(AT_HOME, [HERE, THERE]) },
  "internal policy Local without one here": { objects: web(AT_HOME, [THERE]) },
  "internal policy Local without any": { objects: web(AT_HOME, []) },
  NodePort: { objects: web(NODE_PORT, [HERE, THERE]) },
  "NodePort without endpoints": { objects: web(NODE_PORT, []) },
  "NodePort, external policy Local, an endpoint here": { objects: web({ ...NODE_PORT, ...LOCAL }, [HERE, THERE]) },
  "NodePort, external policy Local, none here": { objects: web({ ...NODE_PORT, ...LOCAL }, [THERE]) },
  "NodePort, both policies Local, an endpoint here": {
    objects: web({ ...NODE_PORT, ...LOCAL, ...AT_HOME }, [HERE, THERE]),
  },
  "NodePort, internal policy Local, none here": { objects: web({ ...NODE_PORT, ...AT_HOME }, [THERE]) },
  "NodePort over UDP": {
    objects: [
      service("default/web", {
        ...NODE_PORT,
        clusterIP: "10.96.0.5",
        ports: [{ name: "dns", port: 53, targetPort: 5353, protocol: "UDP", nodePort: 30053 }],
      }),
      slice("default/web", [HERE], [{ name: "dns", port: 5353, protocol: "UDP" }]),
    ],
  },
  LoadBalancer: { objects: web(LOAD_BALANCER, [HERE], [BALANCER]) },
  "LoadBalancer without endpoints": { objects: web(LOAD_BALANCER, [], [BALANCER]) },
  "LoadBalancer that waits for its address": { objects: web(LOAD_BALANCER, [HERE]) },
  "LoadBalancer in ipMode Proxy": {
    objects: web(LOAD_BALANCER, [HERE]).map((object) =>
      "spec" in object
        ? { ...object, status: { loadBalancer: { ingress: [{ ip: BALANCER, ipMode: "Proxy" as const }] } } }
        : object,
    ),
  },
  "LoadBalancer without NodePorts": {
    objects: web({ ...LOAD_BALANCER, allocateLoadBalancerNodePorts: false, ports: HTTP }, [HERE], [BALANCER]),
  },
  "LoadBalancer with source ranges": {
    objects: web(
      { ...LOAD_BALANCER, loadBalancerSourceRanges: ["198.51.100.0/24", "203.0.113.9/32"] },
      [HERE],
      [BALANCER],
    ),
  },
  "LoadBalancer with a source range that the node is in": {
    objects: web({ ...LOAD_BALANCER, loadBalancerSourceRanges: ["192.168.0.0/24"] }, [HERE], [BALANCER]),
  },
  "LoadBalancer, external policy Local, an endpoint here": { objects: web(CHECKED, [HERE, THERE], [BALANCER]) },
  "LoadBalancer, external policy Local, none here": { objects: web(CHECKED, [THERE], [BALANCER]) },
  "LoadBalancer, external policy Local, without any": { objects: web(CHECKED, [], [BALANCER]) },
  externalIPs: { objects: web(EXTERNAL, [HERE]) },
  "externalIPs without endpoints": { objects: web(EXTERNAL, []) },
  "externalIPs, external policy Local, none here": { objects: web({ ...EXTERNAL, ...LOCAL }, [THERE]) },
  headless: { objects: web({ clusterIP: "None" }, [HERE]) },
  ExternalName: {
    objects: [service("default/web", { type: "ExternalName", externalName: "example.com" })],
  },
  "somebody else's proxy": {
    objects: [
      service("default/web", { clusterIP: "10.96.0.5", ports: HTTP }, [], {
        "service.kubernetes.io/service-proxy-name": "other",
      }),
      slice("default/web", [HERE], [{ name: "http", port: 8080 }]),
    ],
  },
  "a terminating endpoint beside a ready one": { objects: web({}, [HERE, { ...THERE, ...going }]) },
  "only terminating endpoints, one of which serves": {
    objects: web({}, [
      { ...HERE, ...gone },
      { ...THERE, ...going },
    ]),
  },
  "external policy Local, the endpoint here terminates": {
    objects: web({ ...NODE_PORT, ...LOCAL }, [{ ...HERE, ...going }, THERE]),
  },
  "hints of zones, one for this one": {
    objects: web({ trafficDistribution: "PreferClose" }, [
      { ...HERE, zones: ["a"] },
      { ...THERE, zones: ["b"] },
    ]),
    zone: "a",
  },
  "hints of zones, one endpoint without": {
    objects: web({ trafficDistribution: "PreferClose" }, [{ ...HERE, zones: ["a"] }, THERE]),
    zone: "a",
  },
  "hints of zones, none for this one": {
    objects: web({ trafficDistribution: "PreferClose" }, [{ ...THERE, zones: ["b"] }]),
    zone: "a",
  },
  "hints of zones with external policy Local": {
    objects: web({ ...NODE_PORT, ...LOCAL, trafficDistribution: "PreferClose" }, [
      { ...HERE, zones: ["b"] },
      { ...THERE, zones: ["a"] },
    ]),
    zone: "a",
  },
  masqueradeAll: { objects: web({}, [HERE]), settings: { masqueradeAll: true } },
  "no cluster CIDR": { objects: web({ ...NODE_PORT, ...LOCAL }, [HERE]), settings: detected({}) },
  "detectLocalMode NodeCIDR": {
    objects: web({}, [HERE]),
    settings: detected({ detectLocalMode: "NodeCIDR", clusterCIDR: "10.244.0.0/16" }, ["10.244.0.0/24"]),
  },
  "detectLocalMode BridgeInterface": {
    objects: web({ ...NODE_PORT, ...LOCAL }, [HERE]),
    settings: detected({ detectLocalMode: "BridgeInterface", detectLocal: { bridgeInterface: "cni0" } }),
  },
  "detectLocalMode InterfaceNamePrefix": {
    objects: web({ ...NODE_PORT, ...LOCAL }, [HERE]),
    settings: detected({ detectLocalMode: "InterfaceNamePrefix", detectLocal: { interfaceNamePrefix: "veth" } }),
  },
  "localhost NodePorts off": { objects: web(NODE_PORT, [HERE]), settings: { localhostNodePorts: false } },
  nodePortAddresses: {
    objects: web(NODE_PORT, [HERE]),
    settings: { nodePortAddresses: ["192.168.0.0/24", "127.0.0.0/8"] },
  },
};

/** Rules that are there without any Service. */
const ALWAYS =
  /^(filter KUBE-(FORWARD|FIREWALL) |nat KUBE-(POSTROUTING|MARK-MASQ) |nat KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS$)/;

/** Every rule of a Service's as `table CHAIN rule`, and every chain of a Service's that is declared. */
function written({ objects, settings, zone }: Form): { rules: string[]; chains: string[] } {
  const ns = machine(testNetwork(), "node01", { segment: "lan", address: "192.168.0.2/24" });
  const proxy = proxier(objects, settings);
  proxy.zone = zone;
  proxy.sync(ns, FULL);
  const saved = (["filter", "nat"] as const).map((table) => [table, saveRules(ns, { table })] as const);
  const rules = saved.flatMap(([table, text]) =>
    [...text.matchAll(/^-A (KUBE-.*)$/gm)].map(([, rule]) => `${table} ${rule!}`),
  );
  const chains = [...saved[1]![1].matchAll(/^:(KUBE-(?:SVC|SVL|EXT|FW|SEP)-\w+)/gm)].map(([, name]) => name!);
  return { rules: rules.filter((rule) => !ALWAYS.test(rule)), chains };
}

/** In the order of the chains. Within a chain the order is kept, but for those that all services share: there it is Go's. */
function byChain(rules: readonly string[]): string[] {
  const shared = /^(nat|filter) KUBE-(SERVICES|NODEPORTS|EXTERNAL-SERVICES) /;
  const keyOf = (rule: string): string => (shared.test(rule) ? rule : rule.split(" ", 2).join(" "));
  return rules.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

test("every form of the fixture is tried", () => {
  expect([...EXPECTED.keys()]).toEqual(Object.keys(FORMS));
});

test.for(Object.entries(FORMS))("%s", ([name, form]) => {
  const expected = EXPECTED.get(name)!;
  const { rules, chains } = written(form);
  expect(byChain(rules)).toEqual(byChain(expected));
  const used = new Set(expected.map((rule) => rule.split(" ")[1]!).filter((chain) => /^KUBE-(SVC|SVL|EXT|FW|SEP)-/.test(chain))); // prettier-ignore
  expect(chains.toSorted()).toEqual([...used].sort());
});
