import { describe, expect, test } from "vitest";
import {
  connect,
  findLink,
  listElements,
  listLinks,
  netfilterOf,
  readSysctl,
  saveRules,
  saveTable,
  servicesOf,
  setsOf,
  type Namespace,
} from "../../../../net/index.ts";
import { cluster, clusterPod, listen } from "../../../../net/testing.ts";
import { cleanUp } from "../cleanup.ts";
import { FULL, service, slice, tell } from "../testing.ts";
import { TestNode } from "../testing-node.ts";
import { IpvsProxier } from "./proxier.ts";
import { bound, sets, SETTINGS, synced, virtualServers } from "./testing.ts";

function rules(ns: Namespace, table: "nat" | "filter", chain: string): string[] {
  return saveRules(ns, { table })
    .split("\n")
    .filter((line) => line.startsWith(`-A ${chain} `))
    .map((line) => line.slice(chain.length + 4));
}

const EVERYTHING = [
  service(
    "default/web",
    {
      type: "LoadBalancer",
      clusterIP: "10.96.0.5",
      externalIPs: ["198.51.100.7"],
      ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "TCP", nodePort: 30080 }],
      externalTrafficPolicy: "Local",
      healthCheckNodePort: 31000,
      loadBalancerSourceRanges: ["203.0.113.0/24", "192.168.9.1/32"],
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
    },
    ["203.0.113.80"],
  ),
  slice("default/web", [{ ip: "10.244.1.5", node: "node01" }, { ip: "10.244.2.6", node: "node02" }], [
    { name: "http", port: 8080 },
  ]),
]; // prettier-ignore

describe("what a Service with everything comes to", () => {
  const { ns } = synced(EVERYTHING);

  test("virtual servers: all endpoints behind the ClusterIP, local ones behind the others", () => {
    const tail = "rr persistent 600 ->";
    expect(virtualServers(ns)).toEqual([
      `tcp 10.96.0.5 80 ${tail} 10.244.1.5:8080 10.244.2.6:8080`,
      `tcp 198.51.100.7 80 ${tail} 10.244.1.5:8080`,
      `tcp 203.0.113.80 80 ${tail} 10.244.1.5:8080`,
      `tcp 192.168.0.2 30080 ${tail} 10.244.1.5:8080`,
    ]);
  });

  test("its addresses are on kube-ipvs0, which is down", () => {
    expect(bound(ns)).toEqual(["10.96.0.5/32", "198.51.100.7/32", "203.0.113.80/32"]);
    expect(listLinks(ns).find(({ name }) => name === "kube-ipvs0")).toMatchObject({
      kind: "dummy",
      arp: false,
      up: false,
    });
  });

  test("sets", () => {
    expect(sets(ns)).toEqual({
      "KUBE-LOOP-BACK": ["10.244.1.5,tcp:8080,10.244.1.5"],
      "KUBE-CLUSTER-IP": ["10.96.0.5,tcp:80"],
      "KUBE-EXTERNAL-IP-LOCAL": ["198.51.100.7,tcp:80"],
      "KUBE-LOAD-BALANCER": ["203.0.113.80,tcp:80"],
      "KUBE-LOAD-BALANCER-FW": ["203.0.113.80,tcp:80"],
      "KUBE-LOAD-BALANCER-LOCAL": ["203.0.113.80,tcp:80"],
      "KUBE-LOAD-BALANCER-SOURCE-CIDR": ["203.0.113.80,tcp:80,192.168.9.1", "203.0.113.80,tcp:80,203.0.113.0/24"],
      "KUBE-NODE-PORT-TCP": ["30080"],
      "KUBE-NODE-PORT-LOCAL-TCP": ["30080"],
      "KUBE-HEALTH-CHECK-NODE-PORT": ["31000"],
      "KUBE-IPVS-IPS": ["10.96.0.5", "198.51.100.7", "203.0.113.80"],
    });
  });

  test("rules", () => {
    const comment = (words: string): string => `-m comment --comment "Kubernetes ${words}"`;
    expect(rules(ns, "nat", "KUBE-SERVICES")).toEqual([
      "-s 127.0.0.0/8 -j RETURN",
      `${comment("service lb portal")} -m set --match-set KUBE-LOAD-BALANCER dst,dst -j KUBE-LOAD-BALANCER`,
      `! -s 10.244.0.0/16 ${comment("service cluster ip + port for masquerade purpose")} -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ`,
      `${comment("service external ip + port with externalTrafficPolicy=local")} -m set --match-set KUBE-EXTERNAL-IP-LOCAL dst,dst -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`,
      `${comment("service external ip + port with externalTrafficPolicy=local")} -m set --match-set KUBE-EXTERNAL-IP-LOCAL dst,dst -m addrtype --dst-type LOCAL -j ACCEPT`,
      "-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT",
      "-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT",
      "-m set --match-set KUBE-LOAD-BALANCER dst,dst -j ACCEPT",
    ]);
    expect(rules(ns, "nat", "KUBE-LOAD-BALANCER")).toEqual([
      `${comment("service load balancer ip + port with externalTrafficPolicy=local")} -m set --match-set KUBE-LOAD-BALANCER-LOCAL dst,dst -j RETURN`,
      "-j KUBE-MARK-MASQ",
    ]);
    expect(rules(ns, "filter", "KUBE-PROXY-FIREWALL")).toEqual([
      `${comment("service load balancer ip + port for load balancer with sourceRange")} -m set --match-set KUBE-LOAD-BALANCER-FW dst,dst -j KUBE-SOURCE-RANGES-FIREWALL`,
    ]);
    expect(rules(ns, "filter", "KUBE-SOURCE-RANGES-FIREWALL")).toEqual([
      `${comment("service load balancer ip + port + source cidr for packet filter purpose")} -m set --match-set KUBE-LOAD-BALANCER-SOURCE-CIDR dst,dst,src -j RETURN`,
      "-j DROP",
    ]);
    expect(rules(ns, "filter", "KUBE-IPVS-OUT-FILTER")).toEqual([
      "-s 203.0.113.80/32 -m ipvs --vproto 6 --vaddr 203.0.113.80 --vport 80 -j DROP",
    ]);
  });

  test("the tables of IPv6 have the same chains, over sets that stay empty", () => {
    const tables = (["nat", "filter"] as const).flatMap((table) => saveTable(netfilterOf(ns, 6), table));
    expect(tables.filter((line) => /^-A KUBE-(SERVICES|IPVS-FILTER|POSTROUTING) /.test(line))).toEqual([
      "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
      "-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0",
      '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
      "-A KUBE-SERVICES -s ::1/128 -j RETURN",
      "-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT",
      "-A KUBE-IPVS-FILTER -m set --match-set KUBE-6-LOAD-BALANCER dst,dst -j RETURN",
      "-A KUBE-IPVS-FILTER -m set --match-set KUBE-6-CLUSTER-IP dst,dst -j RETURN",
      "-A KUBE-IPVS-FILTER -m set --match-set KUBE-6-EXTERNAL-IP dst,dst -j RETURN",
      "-A KUBE-IPVS-FILTER -m set --match-set KUBE-6-EXTERNAL-IP-LOCAL dst,dst -j RETURN",
      "-A KUBE-IPVS-FILTER -m set --match-set KUBE-6-HEALTH-CHECK-NODE-PORT dst -j RETURN",
      "-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-6-IPVS-IPS dst -j REJECT --reject-with icmp6-port-unreachable",
    ]);
  });

  test("--cleanup leaves nothing but KUBE-MARK-MASQ", () => {
    const other = synced(EVERYTHING).ns;
    cleanUp(other);
    expect(virtualServers(other)).toEqual([]);
    expect(findLink(other, "kube-ipvs0")).toBeUndefined();
    expect([...setsOf(other).keys()].filter((name) => !name.startsWith("KUBE-6-"))).toEqual([]);
    expect(saveRules(other, {}).match(/KUBE-[A-Z-]+/g)).toEqual(["KUBE-MARK-MASQ", "KUBE-MARK-MASQ"]);
  });
});

describe("from one sync to the next", () => {
  test("nothing is written when nothing has changed", () => {
    const { ns, proxier } = synced(EVERYTHING);
    const before = ns.kernel.state.generation("net");
    proxier.sync(ns, { ...FULL, unlessSame: true });
    expect(ns.kernel.state.generation("net")).toBe(before);
  });

  test("what somebody has taken away or added is set right", () => {
    const { ns, proxier } = synced(EVERYTHING);
    const [before, names] = [virtualServers(ns), sets(ns)];
    servicesOf(ns).clear();
    for (const set of setsOf(ns).values())
      for (const [key] of listElements(ns, set)) ns.rows(`ipset/${set.id}`).delete(key);
    proxier.sync(ns, FULL);
    expect(virtualServers(ns)).toEqual(before);
    expect(sets(ns)).toEqual(names);
  });

  test("a Service that is gone takes its virtual servers and addresses along, but not those of excluded networks", () => {
    for (const [excludeCIDRs, left] of [
      [[], []],
      [["10.96.0.0/12"], ["tcp 10.96.0.5 80 rr -> 10.244.0.5:80"]],
    ] as const) {
      const { ns, proxier } = synced([service("default/web", { clusterIP: "10.96.0.5" }), slice("default/web", ["10.244.0.5"])], { excludeCIDRs }); // prettier-ignore
      proxier.set("default/web", { ports: [], endpoints: new Map() });
      proxier.sync(ns, FULL);
      expect(virtualServers(ns)).toEqual(left);
      expect(bound(ns)).toEqual([]);
    }
  });

  test("a real server with connections gets no new ones and goes with the last", () => {
    const world = cluster();
    const client = clusterPod(world, 0, "client", 2);
    const server = clusterPod(world, 1, "server", 4);
    listen(server, 80);
    const [node] = world.nodes;
    const proxier = new IpvsProxier(SETTINGS);
    const web = service("default/web", { clusterIP: "10.96.0.5" });
    tell(proxier, [web, slice("default/web", ["10.244.1.4", "10.244.1.9"])]);
    proxier.sync(node, FULL);
    const found = [connect(client, { to: "10.96.0.5", port: 80 }), connect(client, { to: "10.96.0.5", port: 80 })];
    const open = found.find(({ outcome }) => outcome === "connected")!;
    tell(proxier, [web, slice("default/web", ["10.244.1.9"])]);
    proxier.sync(node, FULL);
    expect(virtualServers(node)).toEqual(["tcp 10.96.0.5 80 rr -> 10.244.1.4:80 w0 10.244.1.9:80"]);
    expect([...proxier.terminating]).toEqual(["tcp 10.96.0.5 80/10.244.1.4 80"]);
    proxier.removeTerminated(node);
    expect(virtualServers(node)[0]).toContain("10.244.1.4:80 w0");
    open.connection!.close();
    node.rows("ipvs/connections", true).clear();
    proxier.removeTerminated(node);
    expect(virtualServers(node)).toEqual(["tcp 10.96.0.5 80 rr -> 10.244.1.9:80"]);
    tell(proxier, [web, slice("default/web", ["10.244.1.4"])]);
    proxier.sync(node, FULL);
    expect(virtualServers(node)).toEqual(["tcp 10.96.0.5 80 rr -> 10.244.1.4:80"]);
  });

  test("without an endpoint here a Local policy falls back to all of them", () => {
    const { ns } = synced([
      service("default/web", { type: "NodePort", clusterIP: "10.96.0.5", externalTrafficPolicy: "Local", ports: [{ port: 80, targetPort: 80, protocol: "TCP", nodePort: 30080 }] }),
      slice("default/web", [{ ip: "10.244.2.6", node: "node02" }]),
    ]); // prettier-ignore
    expect(virtualServers(ns)[1]).toBe("tcp 192.168.0.2 30080 rr -> 10.244.2.6:80");
  });

  test("masqueradeAll and a missing cluster CIDR have rules of their own", () => {
    const web = [service("default/web", { clusterIP: "10.96.0.5" }), slice("default/web", ["10.244.0.5"])];
    const words = '-m comment --comment "Kubernetes service cluster ip + port for masquerade purpose" -m set --match-set';
    expect(rules(synced(web, { masqueradeAll: true }).ns, "nat", "KUBE-SERVICES")[1]).toBe(`${words} KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ`);
    expect(rules(synced(web, { detector: undefined }).ns, "nat", "KUBE-SERVICES")[1]).toBe(`${words} KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ`);
  }); // prettier-ignore
});

describe("as a process", () => {
  function start(mode: string): TestNode {
    const node = TestNode.create();
    const path = "/var/lib/kube-proxy/config.conf";
    node.write(path, node.read(path).replace('mode: ""', "mode: ipvs").replace('scheduler: ""', mode));
    node.create(service("default/web", { clusterIP: "10.96.4.5" }), slice("default/web", ["10.244.0.5"]));
    node.startProxy();
    return node;
  }

  test("it sets the sysctls, and the scheduler that it is told", async () => {
    const node = start("scheduler: lc");
    await node.pass(1);
    expect(virtualServers(node.ns)).toEqual(["tcp 10.96.4.5 80 lc -> 10.244.0.5:80"]);
    const value = (path: string): unknown => readSysctl(node.ns, path);
    for (const name of ["conntrack", "expire_nodest_conn", "expire_quiescent_template"])
      expect(value(`net/ipv4/vs/${name}`)).toEqual({ ok: true, value: "1" });
  });

  test("every syncPeriod it sets right what others have changed", async () => {
    const node = start("scheduler: rr");
    await node.pass(1);
    servicesOf(node.ns).clear();
    await node.pass(28);
    expect(virtualServers(node.ns)).toEqual([]);
    await node.pass(3);
    expect(virtualServers(node.ns)).toEqual(["tcp 10.96.4.5 80 rr -> 10.244.0.5:80"]);
  });

  test("a scheduler that the kernel has not ends it", async () => {
    const node = start("scheduler: r");
    await node.pass(1);
    expect(node.log().slice(-3)).toEqual([
      'E proxier.go:634] "Could not create dummy VS" err="no such file or directory" scheduler="r"',
      'E server.go:558] "Error running ProxyServer" err="can\'t use the IPVS proxier: no such file or directory"',
      'E run.go:72] "command failed" err="can\'t use the IPVS proxier: no such file or directory"',
    ]);
    expect(findLink(node.ns, "kube-ipvs0")).toBeUndefined();
  });

  test("one that is not simulated says so", async () => {
    const node = start("scheduler: mh");
    await node.pass(1);
    expect(node.log()).toEqual(["drydock: kube-proxy: 'ipvs.scheduler: mh' is not simulated"]);
  });
});
