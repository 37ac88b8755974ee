import { beforeEach, expect, test } from "vitest";
import type { Namespace } from "../namespace.ts";
import { cluster, clusterPod, iptables, listen, machine, testNetwork, type Cluster } from "../testing.ts";
import { connect } from "../transport/connect.ts";
import { ping } from "../transport/ping.ts";
import { tcpPacket } from "../walk/packet.ts";
import { walk } from "../walk/walk.ts";
import { address } from "../ip.ts";
import { nftablesOf } from "./nftables.ts";
import { nft } from "./testing.ts";

let world: Cluster;
let node: Namespace;
let from: Namespace;
let to: Namespace;

beforeEach(() => {
  world = cluster();
  [node] = world.nodes;
  from = clusterPod(world, 0, "a", 2);
  to = clusterPod(world, 0, "b", 3);
  listen(to, 80);
  listen(to, 81);
});

const reach = (target: string, port: number) => connect(from, { to: target, port }).outcome;
const counts = (): unknown[] => [...nftablesOf(node).counts.values()];

test("rules of a base chain decide, and count", () => {
  nft(node, "add table inet t; add chain inet t c { type filter hook forward priority 0; policy accept; }");
  nft(
    node,
    "add rule inet t c tcp dport 81 counter drop; add rule inet t c tcp dport 82 counter reject with tcp reset",
  );
  expect(reach("10.244.0.3", 80)).toBe("connected");
  expect(reach("10.244.0.3", 82)).toBe("refused");
  expect(counts()).toEqual([{ packets: 1, bytes: 60 }]);
  expect(reach("10.244.0.3", 81)).toBe("no answer");
  expect(counts()).toHaveLength(2);
});

test("a policy drops what no rule decided; established connections stay", () => {
  nft(node, "add table ip t; add chain ip t c { type filter hook forward priority 0; policy drop; }");
  nft(
    node,
    "add rule ip t c ct state vmap { established : accept, invalid : drop }; add rule ip t c icmp type echo-request accept",
  );
  expect(reach("10.244.0.3", 80)).toBe("no answer");
  expect(ping(from, { to: "10.244.0.3", id: 1, seq: 1 }).outcome).toBe("answered");
});

test("sets, intervals, concatenations and maps are looked into", () => {
  nft(
    node,
    "add table ip t; add chain ip t c { type filter hook forward priority 0; }; add chain ip t deny; add rule ip t deny drop",
  );
  nft(
    node,
    "add set ip t pods { type ipv4_addr; flags interval; elements = { 10.244.0.0/31, 10.244.0.2-10.244.0.9 }; }",
  );
  nft(node, "add map ip t doors { type ipv4_addr . inet_service : verdict; }");
  nft(node, "add rule ip t c ip saddr @pods ip daddr . tcp dport vmap @doors");
  expect(reach("10.244.0.3", 80)).toBe("connected");
  nft(node, "add element ip t doors { 10.244.0.3 . 80 : jump deny }");
  expect(reach("10.244.0.3", 80)).toBe("no answer");
  expect(reach("10.244.0.3", 81)).toBe("connected");
  nft(node, "delete element ip t pods { 10.244.0.2-10.244.0.9 }");
  expect(reach("10.244.0.3", 80)).toBe("connected");
});

test("dnat by a map of numgen spreads connections, masquerade gives them the node's name", () => {
  nft(node, "add table ip t; add chain ip t pre { type nat hook prerouting priority dstnat; }");
  nft(
    node,
    "add chain ip t post { type nat hook postrouting priority srcnat; }; add rule ip t post ip saddr 10.244.0.2 ip daddr 10.244.0.3 masquerade",
  );
  nft(
    node,
    "add rule ip t pre ip daddr 10.96.0.1 tcp dport 8080 dnat to numgen inc mod 2 map { 0 : 10.244.0.3 . 80, 1 : 10.244.0.3 . 81 }",
  );
  const ports = [1, 2, 3, 4].map(() => {
    const packet = tcpPacket(2);
    packet.dst = address("10.96.0.1");
    packet.dport = 8080;
    packet.sport = 40_000 + nftablesOf(node).count("test");
    const { delivery } = walk(from, packet, { tracing: true });
    return `${delivery!.packet.src === address("10.244.0.1")} ${delivery!.packet.dport}`;
  });
  expect(ports).toEqual(["true 80", "true 81", "true 80", "true 81"]);
});

test("chains of iptables and nft stand at a hook by their priorities", () => {
  iptables(node, "-A FORWARD -p tcp --dport 80 -j DROP");
  nft(
    node,
    "add table ip t; add chain ip t before { type filter hook forward priority -1; }; add chain ip t behind { type filter hook forward priority 1; }",
  );
  nft(node, "add rule ip t before tcp dport 80 counter; add rule ip t behind tcp dport 80 counter");
  expect(reach("10.244.0.3", 80)).toBe("no answer");
  expect(counts()).toHaveLength(1);
  nft(node, "add rule ip t before tcp dport 80 accept");
  expect(reach("10.244.0.3", 80)).toBe("no answer");
});

test("a trace names the chain and the rule", () => {
  nft(node, "add table inet t; add chain inet t c { type filter hook forward priority 0; }; add chain inet t d");
  nft(node, 'add rule inet t d tcp dport { 80, 81 } drop comment "no"; add rule inet t c ip saddr 10.244.0.2 jump d');
  const packet = tcpPacket(2);
  packet.dst = address("10.244.0.3");
  packet.dport = 80;
  packet.sport = 40_000;
  const { by } = walk(from, packet, { tracing: true });
  expect(by.what).toBe(
    'inet t c → d rule 1: tcp dport { 80, 81 } drop comment "no" for 10.244.0.2:40000 to 10.244.0.3:80 (tcp)',
  );
  expect(by.ref).toEqual({
    kind: "rule",
    text: 'tcp dport { 80, 81 } drop comment "no" # handle 4',
    table: "inet t",
    chain: "d",
    path: ["ip saddr 10.244.0.2 jump d"],
  });
});

test("only chains of the type route look for another way when the mark changes", () => {
  const host = machine(testNetwork(), "host");
  listen(host, 80);
  nft(
    host,
    "add table ip t; add chain ip t c { type route hook output priority mangle; }; add rule ip t c meta mark set 7",
  );
  nft(host, "add chain ip t i { type filter hook input priority 0; }; add rule ip t i meta mark 7 counter accept");
  expect(connect(host, { to: "127.0.0.1", port: 80 }).outcome).toBe("connected");
  expect([...nftablesOf(host).counts.values()]).toHaveLength(1);
});

test("packets put elements into sets, which go again", () => {
  nft(node, "add table ip t; add chain ip t c { type filter hook forward priority 0; }");
  nft(node, "add set ip t seen { type ipv4_addr; flags dynamic,timeout; timeout 1m; }");
  nft(node, "add rule ip t c ip saddr @seen tcp dport 80 drop; add rule ip t c tcp dport 81 update @seen { ip saddr }");
  expect(reach("10.244.0.3", 80)).toBe("connected");
  reach("10.244.0.3", 81);
  expect(reach("10.244.0.3", 80)).toBe("no answer");
});

test("jumps in a circle are refused, and a map that leads in one lets no packet go on for ever", () => {
  nft(node, "add table ip t; add chain ip t c { type filter hook forward priority 0; }; add chain ip t d");
  nft(
    node,
    "add map ip t m { type inet_service : verdict; }; add rule ip t d tcp dport vmap @m; add rule ip t c jump d",
  );
  expect(() => nft(node, "add rule ip t d jump d")).toThrow("Could not process rule: Too many links");
  nft(node, "add element ip t m { 80 : goto d }");
  expect(reach("10.244.0.3", 80)).toBe("no answer");
  expect(reach("10.244.0.3", 81)).toBe("connected");
});
