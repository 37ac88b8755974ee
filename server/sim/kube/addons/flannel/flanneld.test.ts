import { beforeEach, describe, expect, test } from "vitest";
import {
  bringDown,
  bringUp,
  connect,
  deleteLink,
  findLink,
  listLinks,
  ping,
  type Namespace,
} from "../../../net/index.ts";
import { iptables, listen, must } from "../../../net/testing.ts";
import { nodes } from "../../kinds/index.ts";
import { FlannelWorld, NODES } from "./testing.ts";

let world: FlannelWorld;

beforeEach(() => {
  world = new FlannelWorld();
});

async function both(): Promise<void> {
  for (const name of NODES) world.addNode(name);
  for (const name of NODES) await world.start(name);
}

function tunnel(node: string) {
  return findLink(world.ns(node), "flannel.1")!;
}

describe("two nodes", () => {
  beforeEach(both);

  test("annotate their Nodes", () => {
    for (const [at, name] of NODES.entries()) {
      const { metadata, status } = world.node(name);
      expect(metadata.annotations).toEqual({
        "flannel.alpha.coreos.com/backend-data": `{"VNI":1,"VtepMAC":"${tunnel(name).address}"}`,
        "flannel.alpha.coreos.com/backend-type": "vxlan",
        "flannel.alpha.coreos.com/kube-subnet-manager": "true",
        "flannel.alpha.coreos.com/public-ip": `192.168.56.${11 + at}`,
      });
      expect(status?.conditions).toMatchObject([
        {
          type: "NetworkUnavailable",
          status: "False",
          reason: "FlannelIsUp",
          message: "Flannel is running on this node",
        },
      ]);
    }
  });

  test("have a tunnel, and routes, neighbours and forwarding entries to each other", () => {
    expect(tunnel("controlplane")).toMatchObject({
      kind: "vxlan",
      id: 1,
      local: "192.168.56.11",
      dstport: 8472,
      learning: false,
      mtu: 1450,
      up: true,
    });
    const { address: mac } = tunnel("node01");
    expect(world.tunnel("controlplane")).toEqual({
      neighbours: [`10.244.1.0 lladdr ${mac} PERMANENT`],
      fdb: [`${mac} dst 192.168.56.12 permanent`],
    });
    expect(world.routes("controlplane")).toEqual([
      "default via 192.168.56.1 dev eth0",
      "10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink",
      "192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11",
    ]);
  });

  test("write what the plugin reads", () => {
    expect(world.host("node01").readText("/run/flannel/subnet.env")).toBe(
      "FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.1.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n",
    );
  });

  test("have flannel's rules", () => {
    const rules = world.rules("node01").split("\n");
    expect(rules.filter((line) => line.includes("FLANNEL-FWD"))).toEqual([
      ":FLANNEL-FWD - [0:0]",
      '-A FORWARD -m comment --comment "flanneld forward" -j FLANNEL-FWD',
      '-A FLANNEL-FWD -s 10.244.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT',
      '-A FLANNEL-FWD -d 10.244.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT',
    ]);
    expect(rules.filter((line) => line.includes("FLANNEL-POSTRTG"))).toEqual([
      ":FLANNEL-POSTRTG - [0:0]",
      '-A POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG',
      '-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 -m comment --comment "flanneld masq" -j RETURN',
      '-A FLANNEL-POSTRTG -s 10.244.1.0/24 -d 10.244.0.0/16 -m comment --comment "flanneld masq" -j RETURN',
      '-A FLANNEL-POSTRTG -s 10.244.0.0/16 -d 10.244.1.0/24 -m comment --comment "flanneld masq" -j RETURN',
      '-A FLANNEL-POSTRTG ! -s 10.244.0.0/16 -d 10.244.1.0/24 -m comment --comment "flanneld masq" -j RETURN',
      '-A FLANNEL-POSTRTG -s 10.244.0.0/16 ! -d 224.0.0.0/4 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully',
      '-A FLANNEL-POSTRTG ! -s 10.244.0.0/16 -d 10.244.0.0/16 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully',
    ]);
  });

  test("log what they do", () => {
    const log = world.logs("node01");
    expect(log[0]).toMatch(/^I main\.go:211\] CLI flags config: \{etcdEndpoints:/);
    expect(log.slice(1, 7)).toEqual([
      "W client_config.go:659] Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work.",
      "I kube.go:139] Waiting 10m0s for node controller to sync",
      "I kube.go:469] Starting kube subnet manager",
      "I kube.go:490] Creating the node lease for IPv4. This is the n.Spec.PodCIDRs: [10.244.0.0/24]",
      "I kube.go:146] Node controller sync successful",
      "I main.go:231] Created subnet manager: Kubernetes Subnet Manager - node01",
    ]);
    expect(log).toContain("I match.go:264] Using interface with name eth0 and address 192.168.56.12");
    expect(log).toContain("I vxlan.go:141] VXLAN config: VNI=1 Port=0 GBP=false Learning=false DirectRouting=false");
    expect(log).toContain("I main.go:423] Wrote subnet file to /run/flannel/subnet.env");
    expect(log).toContain("I vxlan_network.go:65] watching for new subnet leases");
    expect(log.at(-1)).toBe("I iptables.go:357] bootstrap done");
  });

  describe("with Pods", () => {
    let [near, far]: Namespace[] = [];

    beforeEach(async () => {
      for (const [node, pods] of [
        ["controlplane", ["a", "b"]],
        ["node01", ["c", "d"]],
      ] as const)
        for (const pod of pods) expect(await world.addPod(node, pod)).toMatchObject({ code: 0 });
      near = world.network.named("controlplane", "cni-a")!;
      far = world.network.named("node01", "cni-d")!;
    });

    test("an echo crosses the tunnel", () => {
      const { outcome, trace, reply } = ping(near!, { to: "10.244.1.3", id: 1, seq: 1 });
      expect({ outcome, ttl: reply?.ttl }).toEqual({ outcome: "answered", ttl: 62 });
      const [bridge, eth0] = [findLink(world.ns("controlplane"), "cni0")!, findLink(far!, "eth0")!];
      const veth = listLinks(world.ns("node01")).findLast(({ kind }) => kind === "veth")!;
      const way = trace.hops.map(({ host, netns, at, ref }) => `${netns || host}: ${at} ${ref?.text ?? ""}`.trim());
      const forward = 'rule -A FLANNEL-FWD -s 10.244.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT';
      expect(way.filter((hop) => !hop.endsWith(" link"))).toEqual([
        "Pod a: socket",
        "Pod a: route 10.244.0.0/16 via 10.244.0.1 dev eth0",
        `Pod a: neighbour 10.244.0.1 dev eth0 lladdr ${bridge.address} REACHABLE`,
        "controlplane: route 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink",
        `controlplane: ${forward}`,
        `controlplane: tunnel ${tunnel("node01").address} dev flannel.1 dst 192.168.56.12 self`,
        "controlplane: socket",
        "controlplane: route 192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11",
        `controlplane: neighbour 192.168.56.12 dev eth0 lladdr ${findLink(world.ns("node01"), "eth0")!.address} REACHABLE`,
        "node01: tunnel",
        "node01: route 10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1",
        `node01: ${forward}`,
        `node01: neighbour 10.244.1.3 dev cni0 lladdr ${eth0.address} REACHABLE`,
        `node01: bridge ${eth0.address} dev ${veth.name} master cni0`,
        "Pod d: socket",
      ]);
    });

    test("the node's routes are those of a real one (golden addr-link-route/kube-node-ip)", () => {
      expect(world.routes("controlplane")).toEqual([
        "default via 192.168.56.1 dev eth0",
        "10.244.0.0/24 dev cni0 proto kernel scope link src 10.244.0.1",
        "10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink",
        "192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11",
      ]);
    });

    test("a connection is not masqueraded", () => {
      listen(far!, 80);
      const { outcome, trace } = connect(near!, { to: "10.244.1.3", port: 80, tracing: true });
      expect(outcome).toBe("connected");
      expect(trace?.delivery?.ns).toBe(far);
      expect(trace?.hops.some(({ before, after }) => before?.src !== after?.src)).toBe(false);
    });

    test("a Pod's way to the world is masqueraded", () => {
      const { trace } = ping(near!, { to: "192.168.56.13", id: 1, seq: 1 });
      expect(trace.hops.find(({ before, after }) => before?.src !== after?.src)?.ref?.text).toBe(
        '-A FLANNEL-POSTRTG -s 10.244.0.0/16 ! -d 224.0.0.0/4 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully',
      );
      expect(trace.reply?.verdict).toBe("delivered");
    });

    test("a Pod reaches its neighbour by the bridge, and itself", () => {
      expect(ping(near!, { to: "10.244.0.3", id: 1, seq: 1 }).reply?.ttl).toBe(64);
      expect(ping(near!, { to: "10.244.0.2", id: 1, seq: 1 }).outcome).toBe("answered");
    });
  });

  test("a node that goes takes its ways along", async () => {
    world.logs("controlplane");
    world.client.delete(nodes, "", "node01");
    await world.pass(1);
    expect(world.tunnel("controlplane")).toEqual({ neighbours: [], fdb: [] });
    expect(world.routes("controlplane").join()).not.toContain("10.244.1.0");
    expect(world.logs("controlplane")[0]).toMatch(/^I subnet\.go:152\] Batch elem \[0\] is \{ lease\.Event\{Type:1, /);
  });

  test("rules that somebody deletes come back within the period", async () => {
    const before = world.rules("node01");
    world.logs("node01");
    iptables(world.ns("node01"), "-t nat -F FLANNEL-POSTRTG");
    iptables(world.ns("node01"), "-F FORWARD");
    expect(world.rules("node01")).not.toBe(before);
    await world.pass(6);
    expect(world.rules("node01")).toBe(before);
    expect(world.logs("node01")).toEqual([
      "I iptables.go:433] Some iptables rules are missing; deleting and recreating rules",
      "I iptables.go:357] bootstrap done",
      "I iptables.go:433] Some iptables rules are missing; deleting and recreating rules",
      "I iptables.go:357] bootstrap done",
    ]);
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "what one made outlives its %s, and its successor uses it",
    async (signal) => {
      const [link, rules, ways] = [tunnel("node01"), world.rules("node01"), world.tunnel("node01")];
      world.signal("node01", signal);
      await world.pass(10);
      expect(world.exits["node01"]).toEqual(signal === "SIGTERM" ? { code: 0 } : { signal: "SIGKILL" });
      expect(tunnel("node01")).toEqual(link);
      expect([world.rules("node01"), world.tunnel("node01")]).toEqual([rules, ways]);
      world.logs("node01");
      await world.start("node01");
      expect(tunnel("node01")).toEqual(link);
      expect([world.rules("node01"), world.tunnel("node01")]).toEqual([rules, ways]);
      expect(world.logs("node01")).toContain(`I vxlan.go:155] Interface flannel.1 mac address set to: ${link.address}`);
    },
  );

  test("a tunnel that is deleted is made again by a restart, with the same address", async () => {
    const { address, index } = tunnel("node01");
    world.signal("node01", "SIGKILL");
    must(deleteLink(world.ns("node01"), index));
    await world.start("node01");
    expect(tunnel("node01").address).toBe(address);
    expect(world.tunnel("node01").fdb).toHaveLength(1);
  });

  test("a node that is cut off learns later what it has missed", async () => {
    const eth0 = findLink(world.ns("controlplane"), "eth0")!.index;
    bringDown(world.ns("controlplane"), eth0);
    world.client.delete(nodes, "", "node01");
    await world.pass(60);
    expect(world.tunnel("controlplane").fdb).toHaveLength(1);
    bringUp(world.ns("controlplane"), eth0);
    await world.pass(60);
    expect(world.tunnel("controlplane").fdb).toHaveLength(0);
  });

  test("go on in a fork", async () => {
    const copy = new FlannelWorld(world.hosts.kernel.fork());
    copy.client.delete(nodes, "", "node01");
    iptables(copy.ns("controlplane"), "-F FORWARD");
    await copy.pass(6);
    expect(copy.tunnel("controlplane").fdb).toEqual([]);
    expect(copy.rules("controlplane")).toContain("-j FLANNEL-FWD");
    expect(world.tunnel("controlplane").fdb).toHaveLength(1);
  });
});

describe("flanneld ends", () => {
  const last = (node: string, count = 2): string[] => world.logs(node).slice(-count);

  test("if the node has no range of addresses, and leaves its tunnel", async () => {
    world.addNode("node01", null);
    await world.start("node01");
    expect(world.exits["node01"]).toEqual({ code: 1 });
    expect(last("node01")).toEqual([
      'E main.go:359] Error registering network: failed to acquire lease: node "node01" pod cidr not assigned',
      "I main.go:459] Stopping shutdownHandler...",
    ]);
    expect(tunnel("node01")).toMatchObject({ up: false });
  });

  test("if its range is not in the network", async () => {
    world.addNode("node01", "10.10.1.0/24");
    await world.start("node01");
    expect(last("node01")[0]).toBe(
      'E main.go:359] Error registering network: failed to acquire lease: subnet "10.244.0.0/16" specified in the flannel net config doesn\'t contain "10.10.1.0/24" PodCIDR of the "node01" node',
    );
  });

  test("if it does not know the backend", async () => {
    world.addNode("node01");
    world.configure("node01", { Network: "10.244.0.0/16", Backend: { Type: "vxlann" } });
    await world.start("node01");
    expect(world.exits["node01"]).toEqual({ code: 1 });
    expect(last("node01")[0]).toBe("E main.go:351] Error fetching backend: unknown backend type: vxlann");
  });

  test("if the backend is not simulated, and says so", async () => {
    world.addNode("node01");
    world.configure("node01", { Network: "10.244.0.0/16", Backend: { Type: "wireguard" } });
    await world.start("node01");
    expect(world.exits["node01"]).toEqual({ code: 64 });
    expect(last("node01", 1)[0]).toMatch(/^drydock: flanneld: '.*' is not simulated$/);
  });

  test("if its configuration is no JSON", async () => {
    world.addNode("node01");
    world.write("node01", "/etc/kube-flannel/net-conf.json", '{"Network": }');
    await world.start("node01");
    expect(last("node01", 1)).toEqual([
      "E main.go:228] Failed to create SubnetManager: error parsing subnet config: invalid character '}' looking for beginning of value",
    ]);
  });

  test("if it has no token", async () => {
    world.addNode("node01");
    world.host("node01").files.unlink("/var/run/secrets/kubernetes.io/serviceaccount/token");
    await world.start("node01");
    const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    expect(last("node01")).toEqual([
      `W client_config.go:664] error creating inClusterConfig, falling back to default config: open ${token}: no such file or directory`,
      "E main.go:228] Failed to create SubnetManager: fail to create kubernetes config: invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
    ]);
  });

  test("if nothing tells its Pod's name", async () => {
    await world.start("node01", { env: { NODE_NAME: "" } });
    expect(last("node01", 1)).toEqual([
      "E main.go:228] Failed to create SubnetManager: env variables POD_NAME and POD_NAMESPACE must be set",
    ]);
  });

  test("if the Node is not there", async () => {
    await world.start("node01");
    expect(last("node01", 1)).toEqual(['E kube.go:665] Failed to get node for backend data: nodes "node01" not found']);
  });
});

describe("the command line", () => {
  test.each<[string[], number, string]>([
    [["--version"], 0, "v0.27.0"],
    [["--ipmasq"], 0, "flag provided but not defined: -ipmasq"],
    [["--iptables-resync=x"], 0, 'invalid value "x" for flag -iptables-resync: parse error'],
    [["--ip-masq"], 64, "drydock: flanneld: 'etcd' (without --kube-subnet-mgr) is not simulated"],
    [["--kube-subnet-mgr", "--kube-api-url=http://a"], 64, "drydock: flanneld: '--kube-api-url' is not simulated"],
  ])("%j", async (args, code, line) => {
    await world.start("node01", { args });
    expect([world.exits["node01"], world.logs("node01")[0]]).toEqual([{ code }, line]);
  });

  test.each<[string[], string]>([
    [["--iface=eth0"], "I match.go:264] Using interface with name eth0 and address 192.168.56.12"],
    [["--iface=192.168.56.12"], "I match.go:74] Searching for interface using 192.168.56.12"],
    [
      ["--iface-can-reach=192.168.56.11"],
      "I match.go:206] Determining interface to use based on given ifcanreach: 192.168.56.11",
    ],
    [["--iface=eth0", "--public-ip=203.0.113.7"], "I match.go:280] Using 203.0.113.7 as external address"],
    [
      ["--iface=eth1", "--iface=eth0"],
      "I main.go:311] Could not find valid interface matching eth1: error looking up interface eth1: route ip+net: no such network interface",
    ],
    [
      ["--iface=eth1"],
      "E main.go:342] Failed to find interface to use that matches the interfaces and/or regexes provided",
    ],
  ])("%j", async (args, line) => {
    world.addNode("node01");
    await world.start("node01", { args: ["--kube-subnet-mgr", ...args] });
    expect(world.logs("node01")).toContain(line);
  });

  test("without --ip-masq there are no rules of nat", async () => {
    world.addNode("node01");
    await world.start("node01", { args: ["--kube-subnet-mgr"] });
    expect(world.rules("node01")).not.toContain("FLANNEL-POSTRTG");
    expect(world.rules("node01")).toContain("FLANNEL-FWD");
    expect(world.host("node01").readText("/run/flannel/subnet.env")).toContain("FLANNEL_IPMASQ=false\n");
  });
});

describe("host-gw", () => {
  beforeEach(async () => {
    for (const name of NODES) world.configure(name, { Network: "10.244.0.0/16", Backend: { Type: "host-gw" } });
    await both();
  });

  test("routes by the nodes' own addresses", async () => {
    expect(findLink(world.ns("node01"), "flannel.1")).toBeUndefined();
    expect(world.routes("node01")).toContain("10.244.0.0/24 via 192.168.56.11 dev eth0");
    expect(world.host("node01").readText("/run/flannel/subnet.env")).toContain("FLANNEL_MTU=1500\n");
    expect(world.node("node01").metadata.annotations).toMatchObject({
      "flannel.alpha.coreos.com/backend-data": "null",
      "flannel.alpha.coreos.com/backend-type": "host-gw",
    });
    await world.addPod("controlplane", "a");
    await world.addPod("node01", "c");
    const { trace, outcome } = ping(world.network.named("controlplane", "cni-a")!, { to: "10.244.1.2", id: 1, seq: 1 });
    expect(outcome).toBe("answered");
    expect(trace.hops.some(({ at }) => at === "tunnel")).toBe(false);
  });

  test("a node that goes takes its route along", async () => {
    world.logs("node01");
    world.client.delete(nodes, "", "controlplane");
    await world.pass(1);
    expect(world.routes("node01").join()).not.toContain("10.244.0.0");
    expect(world.logs("node01").at(-1)).toBe("I route_network.go:113] Subnet removed: 10.244.0.0/24");
  });
});
