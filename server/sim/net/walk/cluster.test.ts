import { beforeEach, describe, expect, test } from "vitest";
import { removeAddress } from "../address.ts";
import { listFlows } from "../conntrack/flows.ts";
import { tupleAddress } from "../conntrack/row.ts";
import { deleteFdb, flushFdb } from "../fdb.ts";
import { removeNamespace } from "../lifecycle.ts";
import { deleteLink } from "../link/delete.ts";
import { setMaster, setPort } from "../link/bridge.ts";
import { setSegment } from "../link/set.ts";
import type { Namespace } from "../namespace.ts";
import { deleteNeighbour, findNeighbour } from "../neighbour.ts";
import { addressText, ipv4 } from "../ip.ts";
import { deleteRoute } from "../route/table.ts";
import {
  cluster,
  clusterPod,
  down,
  iptables,
  linkNamed,
  listen,
  must,
  route,
  sysctl,
  up,
  type Cluster,
} from "../testing.ts";
import { connect } from "../transport/connect.ts";
import { ping } from "../transport/ping.ts";
import type { RoundTrip } from "../transport/outcome.ts";

let world: Cluster;
let near: Namespace;
let far: Namespace;

beforeEach(() => {
  world = cluster();
  near = clusterPod(world, 0, "near", 2);
  clusterPod(world, 0, "beside", 3);
  far = clusterPod(world, 1, "far", 4);
});

/** Where and what decided: `node01: …`. */
function decided({ outcome, errno, by }: Pick<RoundTrip, "outcome" | "errno" | "by">): unknown {
  const place = by.netns === "" ? by.host : by.netns;
  return { outcome, ...(errno ? { errno } : {}), at: by.at, by: `${place}: ${by.what}` };
}

const FAR = "10.244.1.4";

describe("between Pods of two nodes", () => {
  test("an echo goes through veth, bridge, vxlan and back", () => {
    const { outcome, trace, reply } = ping(near, { to: FAR, id: 1, seq: 1 });
    expect(outcome).toBe("answered");
    expect(reply?.ttl).toBe(62);
    expect(trace.hops.map((hop) => `${hop.host} ${hop.at}`)).toEqual([
      "controlplane socket",
      "controlplane route",
      "controlplane neighbour",
      "controlplane link",
      "controlplane route",
      "controlplane tunnel",
      "controlplane socket",
      "controlplane route",
      "controlplane neighbour",
      "controlplane link",
      "node01 tunnel",
      "node01 route",
      "node01 neighbour",
      "node01 bridge",
      "node01 link",
      "node01 socket",
    ]);
    expect(trace.reply?.verdict).toBe("delivered");
  });

  const breaks: [string, (nodes: Cluster["nodes"]) => void, unknown][] = [
    [
      "the near node does not forward",
      ([node]) => sysctl(node, "net.ipv4.ip_forward", 0),
      {
        outcome: "no answer",
        at: "sysctl",
        by: "controlplane: not for this host, and it does not forward (net.ipv4.conf.cni0.forwarding is 0)",
      },
    ],
    [
      "the far node does not forward",
      ([, node]) => sysctl(node, "net.ipv4.ip_forward", 0),
      {
        outcome: "no answer",
        at: "sysctl",
        by: "node01: not for this host, and it does not forward (net.ipv4.conf.flannel.1.forwarding is 0)",
      },
    ],
    [
      "one link's forwarding is off",
      ([node]) => sysctl(node, "net.ipv4.conf.cni0.forwarding", 0),
      {
        outcome: "no answer",
        at: "sysctl",
        by: "controlplane: not for this host, and it does not forward (net.ipv4.conf.cni0.forwarding is 0)",
      },
    ],
    [
      "the route to the other node's Pods is gone, and the router knows none",
      ([node]) => {
        must(deleteRoute(node, { to: "10.244.1.0/24" }));
        route(world.router, "10.244.0.0/24 via 192.168.56.11");
      },
      { outcome: "net unreachable", errno: "ENETUNREACH", at: "route", by: "router: no route to 10.244.1.4" },
    ],
    [
      "the route is gone, and the router sends everything back",
      ([node]) => {
        must(deleteRoute(node, { to: "10.244.1.0/24" }));
        route(world.router, "10.244.0.0/16 via 192.168.56.11");
      },
      { outcome: "ttl exceeded", errno: "EHOSTUNREACH", at: "route", by: "router: its time to live ends here" },
    ],
    [
      "the route is gone, and the router cannot tell the Pod so",
      ([node]) => must(deleteRoute(node, { to: "10.244.1.0/24" })),
      { outcome: "no answer", at: "route", by: "router: no route to 10.244.0.2" },
    ],
    [
      "the far node has no way back",
      ([, node]) => {
        must(deleteRoute(node, { to: "10.244.0.0/24" }));
        must(deleteRoute(node, { to: "0.0.0.0/0" }));
      },
      { outcome: "no answer", at: "route", by: "node01: no route to 10.244.0.2" },
    ],
    [
      "the near bridge is down",
      ([node]) => down(node, "cni0"),
      {
        outcome: "host unreachable",
        errno: "EHOSTUNREACH",
        at: "neighbour",
        by: "Pod near: nobody on eth0 answers for 10.244.0.1",
      },
    ],
    [
      "the far bridge is down",
      ([, node]) => down(node, "cni0"),
      // The connected route went with it, so that the packet takes the default route; the router knows neither Pod.
      { outcome: "no answer", at: "route", by: "router: no route to 10.244.0.2" },
    ],
    [
      "the far Pod's port is no port of the bridge",
      ([, node]) => must(setMaster(node, linkNamed(node, "veth-far").index, undefined)),
      {
        outcome: "host unreachable",
        errno: "EHOSTUNREACH",
        at: "neighbour",
        by: "node01: nobody on cni0 answers for 10.244.1.4: cni0 has no carrier",
      },
    ],
    [
      "the tunnel is down",
      ([node]) => down(node, "flannel.1"),
      { outcome: "no answer", at: "route", by: "router: no route to 10.244.0.2" },
    ],
    [
      "the far end of the tunnel is down",
      ([, node]) => down(node, "flannel.1"),
      {
        outcome: "no answer",
        at: "socket",
        by: "node01: nothing listens on UDP 192.168.56.12:8472 in node01",
      },
    ],
    [
      "the fdb does not know the other node",
      ([node]) => deleteFdb(node, linkNamed(node, "flannel.1").index, "02:42:0a:f4:01:00"),
      {
        outcome: "no answer",
        at: "tunnel",
        by: "controlplane: flannel.1 has no fdb entry for 02:42:0a:f4:01:00, so no other end to send to",
      },
    ],
    [
      "the neighbour entry of the other tunnel end is gone",
      ([node]) => deleteNeighbour(node, findNeighbour(node, linkNamed(node, "flannel.1").index, ipv4("10.244.1.0"))!),
      {
        outcome: "host unreachable",
        errno: "EHOSTUNREACH",
        at: "neighbour",
        by: "controlplane: nobody on flannel.1 answers for 10.244.1.0",
      },
    ],
    [
      "a firewall between the nodes drops vxlan",
      ([, node]) => iptables(node, "-A INPUT -p udp --dport 8472 -j DROP"),
      {
        outcome: "no answer",
        at: "rule",
        by: "node01: filter INPUT rule 1: DROP for 192.168.56.11:PORT to 192.168.56.12:8472 (udp)",
      },
    ],
    [
      "the cable is out",
      ([node]) => must(setSegment(node, linkNamed(node, "eth0").index, undefined)),
      {
        outcome: "no answer",
        at: "neighbour",
        by: "controlplane: nobody on eth0 answers for 192.168.56.12: eth0 has no carrier",
      },
    ],
    [
      "strict reverse path filtering against an asymmetric way",
      ([node, other]) => {
        must(deleteRoute(node, { to: "10.244.1.0/24" }));
        route(node, "10.244.1.0/24 via 192.168.56.12");
        sysctl(other, "net.ipv4.conf.all.rp_filter", 1);
      },
      {
        outcome: "no answer",
        at: "sysctl",
        by: "node01: rp_filter on eth0: the way back to its source is by another link (10.244.0.2)",
      },
    ],
    [
      "a policy drops what is forwarded",
      ([node]) => iptables(node, "-P FORWARD DROP"),
      { outcome: "no answer", at: "policy", by: "controlplane: filter FORWARD: no rule decided, policy DROP" },
    ],
    [
      "a rule rejects what is forwarded",
      ([, node]) => iptables(node, "-A FORWARD -d 10.244.1.4 -j REJECT --reject-with icmp-admin-prohibited"),
      {
        outcome: "prohibited",
        errno: "EHOSTUNREACH",
        at: "rule",
        by: "node01: filter FORWARD rule 1: REJECT --reject-with icmp-admin-prohibited for 10.244.0.2 to 10.244.1.4 (icmp echo request)",
      },
    ],
    [
      "only answers are dropped",
      ([node]) => iptables(node, "-A FORWARD -s 10.244.1.4 -j DROP"),
      {
        outcome: "no answer",
        at: "rule",
        by: "controlplane: filter FORWARD rule 1: DROP for 10.244.1.4 to 10.244.0.2 (icmp echo reply)",
      },
    ],
    [
      "the far Pod is gone",
      () => removeNamespace(world.network, far.id),
      {
        outcome: "host unreachable",
        errno: "EHOSTUNREACH",
        at: "neighbour",
        by: "node01: nobody on cni0 answers for 10.244.1.4: cni0 has no carrier",
      },
    ],
    [
      "the near Pod has no default route",
      () => must(deleteRoute(near, { to: "0.0.0.0/0" })),
      { outcome: "net unreachable", errno: "ENETUNREACH", at: "route", by: "Pod near: no route to 10.244.1.4" },
    ],
    [
      "the near Pod lost its address",
      () => must(removeAddress(near, linkNamed(near, "eth0"), { local: "10.244.0.2" })),
      { outcome: "net unreachable", errno: "ENETUNREACH", at: "route", by: "Pod near: no route to 10.244.1.4" },
    ],
    [
      "the far Pod's own rules drop it",
      () => iptables(far, "-A INPUT -p icmp -j DROP"),
      {
        outcome: "no answer",
        at: "rule",
        by: "Pod far: filter INPUT rule 1: DROP for 10.244.0.2 to 10.244.1.4 (icmp echo request)",
      },
    ],
    [
      "the far Pod's link is down",
      () => down(far, "eth0"),
      {
        outcome: "host unreachable",
        errno: "EHOSTUNREACH",
        at: "neighbour",
        by: "node01: nobody on cni0 answers for 10.244.1.4: cni0 has no carrier",
      },
    ],
  ];

  test.each(breaks)("%s", (_, breakIt, expected) => {
    breakIt(world.nodes);
    const result = JSON.stringify(decided(ping(near, { to: FAR, id: 1, seq: 1 })));
    expect(JSON.parse(result.replace(/192\.168\.56\.11:\d+/, "192.168.56.11:PORT"))).toEqual(expected);
  });

  test("a break between two packets of one conversation has its effect, and mending it too", () => {
    const outcome = (): string => ping(near, { to: FAR, id: 1, seq: 1 }).outcome;
    expect(outcome()).toBe("answered");
    sysctl(world.nodes[0], "net.ipv4.ip_forward", 0);
    expect(outcome()).toBe("no answer");
    sysctl(world.nodes[0], "net.ipv4.ip_forward", 1);
    expect(outcome()).toBe("answered");
    down(world.nodes[1], "cni0");
    expect(outcome()).toBe("no answer");
    up(world.nodes[1], "cni0");
    expect(outcome()).toBe("answered");
  });
});

describe("on a bridge", () => {
  test("a frame to an address that the bridge forgot goes to all ports and finds its taker", () => {
    expect(ping(near, { to: "10.244.0.3", id: 1, seq: 1 }).outcome).toBe("answered");
    const [node] = world.nodes;
    flushFdb(node, linkNamed(node, "cni0").index, { learnedOnly: true });
    expect(ping(near, { to: "10.244.0.3", id: 1, seq: 2 }).outcome).toBe("answered");
  });

  test("isolated ports don't hear each other", () => {
    const [node] = world.nodes;
    for (const name of ["veth-near", "veth-beside"])
      must(setPort(node, linkNamed(node, name).index, { isolated: true }));
    expect(decided(ping(near, { to: "10.244.0.3", id: 1, seq: 1 }))).toEqual({
      outcome: "host unreachable",
      errno: "EHOSTUNREACH",
      at: "neighbour",
      by: "Pod near: nobody on eth0 answers for 10.244.0.3",
    });
    expect(ping(near, { to: "10.244.0.1", id: 1, seq: 1 }).outcome).toBe("answered");
  });

  test("without the bridge nothing is left of the way", () => {
    must(deleteLink(world.nodes[0], linkNamed(world.nodes[0], "cni0").index));
    expect(ping(near, { to: "10.244.0.3", id: 1, seq: 1 }).outcome).toBe("host unreachable");
  });
});

describe("to the world outside", () => {
  test("an address of a Pod is known to nobody there: only masquerade brings an answer", () => {
    expect(decided(ping(near, { to: "203.0.113.9", id: 1, seq: 1 }))).toEqual({
      outcome: "no answer",
      at: "route",
      by: "router: no route to 10.244.0.2",
    });
    iptables(world.nodes[0], "-t nat -A POSTROUTING -s 10.244.0.0/16 ! -d 224.0.0.0/4 -j MASQUERADE --random-fully");
    expect(ping(near, { to: "203.0.113.9", id: 1, seq: 2 }).outcome).toBe("answered");
    expect(ping(near, { to: "8.8.8.8", id: 1, seq: 2 }).outcome).toBe("answered");
  });

  test("what was masqueraded behind a link is forgotten when it goes down", () => {
    const [node] = world.nodes;
    iptables(node, "-t nat -A POSTROUTING -s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE");
    const echo = (to: string, id: number): string => ping(near, { to, id, seq: 1 }).outcome;
    expect([echo("203.0.113.9", 1), echo(FAR, 2)]).toEqual(["answered", "answered"]);
    const flows = (): string[] =>
      listFlows(node)
        .filter((flow) => flow.protocol === 1)
        .map((flow) => addressText(tupleAddress(flow.original.dst)));
    expect(flows().sort()).toEqual(["10.244.1.4", "203.0.113.9"]);
    down(node, "eth0");
    expect(flows()).toEqual(["10.244.1.4"]);
  });

  test("a published port is reached from outside, and the server sees who asks", () => {
    world.network.serve("who", { stream: { receive: (_, { remote }) => ({ bytes: `you are ${remote.address}` }) } });
    listen(far, 80, { application: "who" });
    iptables(world.nodes[1], "-t nat -A PREROUTING -p tcp --dport 30080 -j DNAT --to-destination 10.244.1.4:80");
    const { connection } = connect(world.outside, { to: "192.168.56.12", port: 30080 });
    let heard = "";
    connection!.receive({ data: (bytes) => void (heard += bytes) });
    connection!.send("hello");
    expect(heard).toBe("you are 203.0.113.9");
  });
});
