import { expect, test } from "vitest";
import { probe, resolveTargets, Scene, type Place } from "../../../grader/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { turn } from "../../sim/kernel/testing.ts";
import { linux } from "../../sim/presets/linux.ts";
import { boot, type World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "../exec/testing.ts";
import { told } from "./index.ts";

/** Two namespaces on a bridge of the machine, which forwards; behind it a router that knows nothing of them. */
const NAMESPACES = [
  "ip link add br0 type bridge; ip addr add 10.0.0.1/24 dev br0; ip link set br0 up",
  "for n in red blue; do ip netns add $n; ip link add v-$n type veth peer name eth0 netns $n; ip link set v-$n master br0 up; ip -n $n link set lo up; ip -n $n link set eth0 up; done",
  "ip -n red addr add 10.0.0.2/24 dev eth0; ip -n blue addr add 10.0.0.3/24 dev eth0",
  "for n in red blue; do ip -n $n route add default via 10.0.0.1; done; sysctl -qw net.ipv4.ip_forward=1",
];
const ROUTER = "icmp:192.168.56.1";

/** What `drydock trace` prints is kept whole in fixtures/NAME.txt. */
const SITUATIONS: readonly (readonly [name: string, changes: readonly string[], from: string, to: string])[] = [
  ["masquerade", ["iptables -t nat -A POSTROUTING -s 10.0.0.0/24 -j MASQUERADE"], "linux/red", ROUTER],
  ["answer-lost", [], "linux/red", ROUTER],
  ["no-forwarding", ["sysctl -qw net.ipv4.ip_forward=0"], "linux/red", ROUTER],
  ["second-rule-drops", ["iptables -A FORWARD -p udp -j ACCEPT; iptables -A FORWARD -s 10.0.0.2 -j DROP"], "linux/red", ROUTER],
  ["rule-in-a-chain", ["iptables -N GUARD; iptables -A GUARD -p icmp -j DROP; iptables -A FORWARD -j GUARD"], "linux/red", ROUTER],
  ["own-rule-drops", ["iptables -A OUTPUT -p icmp -j DROP"], "linux", ROUTER],
  ["policy", ["iptables -P FORWARD DROP"], "linux/red", ROUTER],
  ["reject", ["iptables -A FORWARD -j REJECT --reject-with icmp-admin-prohibited"], "linux/red", ROUTER],
  ["reject-reset", ["iptables -A INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset"], "linux/red", "10.0.0.1:22"],
  ["no-route", ["ip -n red route del default"], "linux/red", ROUTER],
  ["unreachable-route", ["ip route add unreachable 203.0.113.0/24"], "linux/red", "icmp:203.0.113.9"],
  ["blackhole-route", ["ip route add blackhole 203.0.113.0/24"], "linux/red", "icmp:203.0.113.9"],
  ["ip-rule", ["ip rule add from 10.0.0.2 pref 100 prohibit"], "linux/red", ROUTER],
  ["neighbour-failed", [], "linux/red", "icmp:10.0.0.77"],
  ["no-carrier", ["ip link set v-red down"], "linux/red", "icmp:10.0.0.3"],
  ["rp-filter", ["ip -n red addr add 172.16.0.2/32 dev lo; ip -n red route replace default via 10.0.0.1 src 172.16.0.2; sysctl -qw net.ipv4.conf.all.rp_filter=1"], "linux/red", ROUTER],
  ["arp-refused-by-rp-filter", ["ip route add 10.0.0.2 via 192.168.56.1; sysctl -qw net.ipv4.conf.all.rp_filter=1"], "linux/red", ROUTER],
  ["ttl", ["ip route add 172.16.0.0/16 via 10.0.0.3; ip netns exec blue sysctl -qw net.ipv4.ip_forward=1"], "linux/red", "icmp:172.16.1.1"],
  ["fragmentation-needed", ["ip link set eth0 mtu 68"], "linux/red", ROUTER],
  ["veth-mtu", ["ip -n blue link set eth0 mtu 68"], "linux/red", "icmp:10.0.0.3"],
  ["refused", [], "linux/red", "10.0.0.3:80"],
  ["pings-ignored", ["ip netns exec blue sysctl -qw net.ipv4.icmp_echo_ignore_all=1"], "linux/red", "icmp:10.0.0.3"],
  ["port-forwarded", ["iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.3:80"], "router", "192.168.56.11:8080"],
  ["ipv6", ["ip -n red addr add fd00::2/64 dev eth0 nodad; ip -n blue addr add fd00::3/64 dev eth0 nodad"], "linux/red", "icmp:fd00::3"],
  ["ipv6-no-route", ["ip -n red addr add fd00::2/64 dev eth0 nodad"], "linux/red", "icmp:fd01::3"],
]; // prettier-ignore

let booted: Promise<World> | undefined;

function traceOf(world: World, place: (scene: Scene) => Place, to: string): string {
  const scene = new Scene(world);
  const from = place(scene);
  const targets = resolveTargets(scene, to);
  if ("missing" in targets) throw new Error(targets.missing);
  return told(scene, from, probe(scene, from, targets.targets[0]!));
}

test.each(SITUATIONS)("%s", async (name, changes, from, to) => {
  booted ??= boot(worldCode(), linux, { seed: 1, turn });
  const world = (await booted).fork({ seed: 1 });
  const printed = await typed(world, [...NAMESPACES, ...changes], "linux");
  expect(printed.join("")).toBe("");
  const [host, netns] = from.split("/") as [string, string?];
  const text = traceOf(world, (scene) => scene.machine(host, netns), to);
  await expect(text).toMatchFileSnapshot(`fixtures/${name}.txt`);
});

const CLUSTER = [
  "kubectl create deployment web --image=nginx > /dev/null; kubectl expose deployment web --port=80 --type=NodePort > /dev/null",
  'kubectl run c --image=busybox:1.36 --overrides=\'{"spec":{"nodeName":"controlplane"}}\' --command -- sleep 3600 > /dev/null',
  "kubectl wait --for=condition=Ready pod -l app=web > /dev/null; kubectl wait --for=condition=Ready pod/c > /dev/null; sleep 3",
  `kubectl patch svc web -p '{"spec":{"ports":[{"port":80,"nodePort":30080}]}}' > /dev/null; sleep 2`,
];

const pod = (scene: Scene): Place => scene.places({ pod: "c", namespace: "default" })[0]!;
const outside = (scene: Scene): Place => scene.machine("outside");

const IN_A_CLUSTER: readonly (readonly [name: string, changes: readonly string[], from: (scene: Scene) => Place, to: string])[] = [
  ["service-on-another-node", [], pod, "http://web/"],
  ["node-port-from-outside", [], outside, "http://172.30.1.2:30080/"],
  ["service-without-endpoints", ["kubectl scale deployment web --replicas=0 > /dev/null; sleep 5"], pod, "http://web/"],
  ["name-unknown", [], pod, "http://nope.example/"],
  ["name-server-silent", ["iptables -t nat -F KUBE-SERVICES"], pod, "http://web/"],
]; // prettier-ignore

test.each(IN_A_CLUSTER)("%s", async (name, changes, from, to) => {
  const world = await freshCluster();
  expect((await typed(world, [...CLUSTER, ...changes])).join("")).toBe("");
  await expect(traceOf(world, from, to)).toMatchFileSnapshot(`fixtures/${name}.txt`);
});
