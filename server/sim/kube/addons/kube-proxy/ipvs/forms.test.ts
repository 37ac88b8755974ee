import { expect, test } from "vitest";
import type { Service } from "../../../api/index.ts";
import { service, slice, type TestEndpoint } from "../testing.ts";
import { bound, sets, synced, virtualServers } from "./testing.ts";

/** What every form of Service comes to in the ipvs mode (pkg/proxy/ipvs/proxier.go syncProxyRules and syncEndpoint, v1.30). */
interface Form {
  readonly spec: Partial<Service["spec"]>;
  readonly endpoints: readonly TestEndpoint[];
  readonly ingress?: readonly string[];
  readonly settings?: Parameters<typeof synced>[1];
  readonly servers: readonly string[];
  /** Beside KUBE-IPVS-IPS, which holds what is bound. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
  readonly bound: readonly string[];
}

const HERE = { ip: "10.244.0.2", node: "node01" };
const THERE = { ip: "10.244.1.3", node: "node02" };
const PORT = { name: "http", port: 80, targetPort: 8080, protocol: "TCP" as const };
const NODE_PORT = { type: "NodePort" as const, ports: [{ ...PORT, nodePort: 30080 }] };
const BALANCED = { ...NODE_PORT, type: "LoadBalancer" as const };
const LOCAL = { externalTrafficPolicy: "Local" as const };
const LOOP = { "KUBE-LOOP-BACK": ["10.244.0.2,tcp:8080,10.244.0.2"] };
const CLUSTER_IP = { "KUBE-CLUSTER-IP": ["10.96.0.5,tcp:80"] };
const ALL = "10.244.0.2:8080 10.244.1.3:8080";
const at = (address: string, port: number, real: string, more = ""): string =>
  `tcp ${address} ${port} rr${more} -> ${real}`;
const [OWN, LB] = ["192.168.0.2", "203.0.113.80"];

const FORMS: Readonly<Record<string, Form>> = {
  "ClusterIP": { spec: {}, endpoints: [HERE, THERE], servers: [at("10.96.0.5", 80, ALL)], sets: { ...LOOP, ...CLUSTER_IP }, bound: ["10.96.0.5/32"] },
  "ClusterIP without endpoints": { spec: {}, endpoints: [], servers: [at("10.96.0.5", 80, "")], sets: CLUSTER_IP, bound: ["10.96.0.5/32"] },
  "session affinity": {
    spec: { sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } }, endpoints: [THERE],
    servers: [at("10.96.0.5", 80, "10.244.1.3:8080", " persistent 600")], sets: CLUSTER_IP, bound: ["10.96.0.5/32"],
  },
  "internal policy Local, one here": {
    spec: { internalTrafficPolicy: "Local" }, endpoints: [HERE, THERE],
    servers: [at("10.96.0.5", 80, "10.244.0.2:8080")], sets: { ...LOOP, ...CLUSTER_IP }, bound: ["10.96.0.5/32"],
  },
  "internal policy Local, none here": {
    spec: { internalTrafficPolicy: "Local" }, endpoints: [THERE], servers: [at("10.96.0.5", 80, "")], sets: CLUSTER_IP, bound: ["10.96.0.5/32"],
  },
  "NodePort": {
    spec: NODE_PORT, endpoints: [HERE, THERE], servers: [at("10.96.0.5", 80, ALL), at(OWN, 30080, ALL)],
    sets: { ...LOOP, ...CLUSTER_IP, "KUBE-NODE-PORT-TCP": ["30080"] }, bound: ["10.96.0.5/32"],
  },
  "NodePort, external policy Local": {
    spec: { ...NODE_PORT, ...LOCAL }, endpoints: [HERE, THERE],
    servers: [at("10.96.0.5", 80, ALL), at(OWN, 30080, "10.244.0.2:8080")],
    sets: { ...LOOP, ...CLUSTER_IP, "KUBE-NODE-PORT-TCP": ["30080"], "KUBE-NODE-PORT-LOCAL-TCP": ["30080"] }, bound: ["10.96.0.5/32"],
  },
  "NodePort at addresses that the node has not": {
    spec: NODE_PORT, endpoints: [THERE], settings: { nodePortAddresses: ["172.16.0.0/12"] },
    servers: [at("10.96.0.5", 80, "10.244.1.3:8080")], sets: CLUSTER_IP, bound: ["10.96.0.5/32"],
  },
  "LoadBalancer": {
    spec: BALANCED, endpoints: [THERE], ingress: [LB],
    servers: ["10.96.0.5", LB].map((ip) => at(ip, 80, "10.244.1.3:8080")).concat(at(OWN, 30080, "10.244.1.3:8080")),
    sets: { ...CLUSTER_IP, "KUBE-LOAD-BALANCER": [`${LB},tcp:80`], "KUBE-NODE-PORT-TCP": ["30080"] }, bound: ["10.96.0.5/32", `${LB}/32`],
  },
  "LoadBalancer without NodePorts": {
    spec: { ...BALANCED, ports: [PORT], allocateLoadBalancerNodePorts: false }, endpoints: [THERE], ingress: [LB],
    servers: ["10.96.0.5", LB].map((ip) => at(ip, 80, "10.244.1.3:8080")),
    sets: { ...CLUSTER_IP, "KUBE-LOAD-BALANCER": [`${LB},tcp:80`] }, bound: ["10.96.0.5/32", `${LB}/32`],
  },
  "LoadBalancer with a source range that the node is in": {
    spec: { ...BALANCED, ports: [PORT], loadBalancerSourceRanges: ["192.168.0.0/24"] }, endpoints: [THERE], ingress: [LB],
    servers: ["10.96.0.5", LB].map((ip) => at(ip, 80, "10.244.1.3:8080")),
    sets: {
      ...CLUSTER_IP, "KUBE-LOAD-BALANCER": [`${LB},tcp:80`], "KUBE-LOAD-BALANCER-FW": [`${LB},tcp:80`],
      "KUBE-LOAD-BALANCER-SOURCE-CIDR": [`${LB},tcp:80,192.168.0.0/24`], "KUBE-LOAD-BALANCER-SOURCE-IP": [`${LB},tcp:80,${LB}`],
    },
    bound: ["10.96.0.5/32", `${LB}/32`],
  },
  "LoadBalancer, external policy Local, with its health check": {
    spec: { ...BALANCED, ports: [PORT], ...LOCAL, healthCheckNodePort: 31000 }, endpoints: [HERE, THERE], ingress: [LB],
    servers: [at("10.96.0.5", 80, ALL), at(LB, 80, "10.244.0.2:8080")],
    sets: {
      ...LOOP, ...CLUSTER_IP, "KUBE-LOAD-BALANCER": [`${LB},tcp:80`], "KUBE-LOAD-BALANCER-LOCAL": [`${LB},tcp:80`],
      "KUBE-HEALTH-CHECK-NODE-PORT": ["31000"],
    },
    bound: ["10.96.0.5/32", `${LB}/32`],
  },
  "externalIPs": {
    spec: { externalIPs: ["198.51.100.7"] }, endpoints: [THERE], servers: ["10.96.0.5", "198.51.100.7"].map((ip) => at(ip, 80, "10.244.1.3:8080")),
    sets: { ...CLUSTER_IP, "KUBE-EXTERNAL-IP": ["198.51.100.7,tcp:80"] }, bound: ["10.96.0.5/32", "198.51.100.7/32"],
  },
  "an external IP that is the node's own": {
    spec: { externalIPs: [OWN] }, endpoints: [THERE], servers: ["10.96.0.5", OWN].map((ip) => at(ip, 80, "10.244.1.3:8080")),
    sets: { ...CLUSTER_IP, "KUBE-EXTERNAL-IP": [`${OWN},tcp:80`] }, bound: ["10.96.0.5/32"],
  },
  "only terminating endpoints": {
    spec: {}, endpoints: [{ ...THERE, ready: false, serving: true, terminating: true }],
    servers: [at("10.96.0.5", 80, "10.244.1.3:8080")], sets: CLUSTER_IP, bound: ["10.96.0.5/32"],
  },
  "headless": { spec: { clusterIP: "None" }, endpoints: [HERE], servers: [], sets: {}, bound: [] },
  "ExternalName": { spec: { type: "ExternalName", externalName: "example.com", clusterIP: "" }, endpoints: [], servers: [], sets: {}, bound: [] },
}; // prettier-ignore

test.for(Object.entries(FORMS))("%s", ([, { spec, endpoints, ingress = [], settings, ...expected }]) => {
  const web = service("default/web", { clusterIP: "10.96.0.5", ports: [PORT], ...spec }, ingress);
  const { ns } = synced([web, slice("default/web", endpoints, [{ name: "http", port: 8080 }])], settings);
  const ips = expected.bound.map((prefix) => prefix.replace("/32", ""));
  expect({ servers: virtualServers(ns), sets: sets(ns), bound: bound(ns) }).toEqual({
    ...expected,
    sets: { ...expected.sets, ...(ips.length > 0 ? { "KUBE-IPVS-IPS": [...ips].sort() } : {}) },
  });
});

test("UDP and SCTP have sets of their own", () => {
  const ports = [
    { name: "dns", port: 53, targetPort: 53, protocol: "UDP" as const, nodePort: 30053 },
    { name: "sig", port: 2905, targetPort: 2905, protocol: "SCTP" as const, nodePort: 30290 },
  ];
  const { ns } = synced([
    service("default/web", { type: "NodePort", clusterIP: "10.96.0.5", ports, ...LOCAL }),
    slice("default/web", [HERE], [
      { name: "dns", port: 53, protocol: "UDP" },
      { name: "sig", port: 2905, protocol: "SCTP" },
    ]),
  ]); // prettier-ignore
  expect(sets(ns)).toEqual({
    "KUBE-LOOP-BACK": ["10.244.0.2,sctp:2905,10.244.0.2", "10.244.0.2,udp:53,10.244.0.2"],
    "KUBE-CLUSTER-IP": ["10.96.0.5,sctp:2905", "10.96.0.5,udp:53"],
    "KUBE-NODE-PORT-UDP": ["30053"],
    "KUBE-NODE-PORT-LOCAL-UDP": ["30053"],
    "KUBE-NODE-PORT-SCTP-HASH": [`${OWN},sctp:30290`],
    "KUBE-NODE-PORT-LOCAL-SCTP-HASH": [`${OWN},sctp:30290`],
    "KUBE-IPVS-IPS": ["10.96.0.5"],
  });
});
