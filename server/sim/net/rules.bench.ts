import { cpu, heapUsed, median, type Bench, type Measured } from "../kernel/bench.ts";
import { address, addressText, ipv4 } from "./ip.ts";
import type { Namespace } from "./namespace.ts";
import { restoreRules } from "./netfilter/restore.ts";
import { saveRules } from "./netfilter/save.ts";
import { bridge, cluster, clusterPod, listen, machine, pod, testNetwork } from "./testing.ts";
import { ping } from "./transport/ping.ts";
import { tcpPacket } from "./walk/packet.ts";
import { walk } from "./walk/walk.ts";

const SERVICES = 5_000;
const RULES = 20_000;
const NODES = 40;
const ROUNDS = 9;
const WALKS = 200;
const SYN = 0x02;
const CLIENT = 2;
const SERVERS = [4, 5];
const FIRST = ipv4("10.96.1.0");

/** Table nat as kube-proxy writes it for so many Services of two endpoints (proxier.go syncProxyRules). */
function natTable(): string {
  const chains: string[] = [];
  const dispatch: string[] = [];
  const rules: string[] = [];
  for (let at = 0; at < SERVICES; at++) {
    const chain = `KUBE-SVC-${at}`;
    chains.push(chain, ...SERVERS.map((last) => `KUBE-SEP-${at}-${last}`));
    dispatch.push(`-A KUBE-SERVICES -d ${addressText(FIRST + at)}/32 -p tcp -m tcp --dport 80 -j ${chain}`);
    SERVERS.forEach((last, place) => {
      const some = place === 0 ? " -m statistic --mode random --probability 0.50000000000" : "";
      rules.push(
        `-A ${chain}${some} -j KUBE-SEP-${at}-${last}`,
        `-A KUBE-SEP-${at}-${last} -s 10.244.1.${last}/32 -j KUBE-MARK-MASQ`,
        `-A KUBE-SEP-${at}-${last} -p tcp -m tcp -j DNAT --to-destination 10.244.1.${last}:80`,
      );
    });
  }
  return [
    "*nat",
    ...["KUBE-SERVICES", "KUBE-MARK-MASQ", "KUBE-POSTROUTING", ...chains].map((name) => `:${name} - [0:0]`),
    "-A PREROUTING -j KUBE-SERVICES",
    "-A OUTPUT -j KUBE-SERVICES",
    "-A POSTROUTING -j KUBE-POSTROUTING",
    "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
    "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
    "-A KUBE-POSTROUTING -j MASQUERADE",
    ...dispatch,
    ...rules,
    "COMMIT",
    "",
  ].join("\n");
}

function restored(ns: Namespace, text: string): void {
  const problem = restoreRules(ns, text);
  if (problem) throw new Error(`line ${problem.line}: ${problem.problem.text}`);
}

/** Milliseconds of processor time: the median of some rounds, once it is warm. */
function costOf(work: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const before = cpu();
    work();
    times.push(cpu() - before);
  }
  return median(times.slice(ROUNDS));
}

/** A SYN from a Pod through one of the Services to a Pod on the other node, each of another connection; no trace is kept. */
function walkThroughServices(): number {
  const world = cluster();
  const client = clusterPod(world, 0, "client", CLIENT);
  for (const last of SERVERS) listen(clusterPod(world, 1, `server-${last}`, last), 80);
  restored(world.nodes[0], natTable());
  let count = 0;
  return (
    (costOf(() => {
      for (let step = 0; step < WALKS; step++, count++) {
        const packet = tcpPacket(SYN);
        const dst = FIRST + ((count * 997) % SERVICES);
        const src = address("10.244.0.2");
        Object.assign(packet, { src, dst, sport: 20_000 + (count % 40_000), dport: 80, ttl: 64 });
        const { verdict } = walk(client, packet, { tracing: false, answers: false });
        if (verdict !== "delivered") throw new Error(`walk.nat-5000: ${verdict}`);
      }
    }) /
      WALKS) *
    1000
  );
}

function saveMany(): number {
  const { nodes } = cluster();
  const rules = Array.from({ length: RULES }, (_, at) => `-A FORWARD -s ${addressText(FIRST + at)}/32 -p tcp -m tcp --dport 80 -m comment --comment "rule ${at}" -j DROP`); // prettier-ignore
  restored(nodes[0], ["*filter", ...rules, "COMMIT", ""].join("\n"));
  return costOf(() => {
    if (saveRules(nodes[0]).length < RULES) throw new Error("iptables.save-20000: rules are missing");
  });
}

/** What a node with a bridge takes, with all of its rows and caches, in megabytes; beside it what two Pods add. */
function nodeHeap(): Measured {
  const network = testNetwork();
  const node = (at: number): Namespace => {
    const made = machine(network, `node${at}`, { segment: "lan", address: `192.168.0.${at}/24` });
    bridge(made, "cni0", { address: `10.244.${at}.1/24` });
    ping(made, { to: "192.168.0.1", id: 1, seq: 1 });
    return made;
  };
  node(1);
  const start = heapUsed();
  const nodes = Array.from({ length: NODES }, (_, at) => node(at + 2));
  const bare = heapUsed();
  for (const [at, made] of nodes.entries())
    for (const last of [2, 3]) pod(made, `p${last}`, { address: `10.244.${at + 2}.${last}/24`, bridge: "cni0" });
  const full = heapUsed();
  if (network.namespaces.size !== 1 + 3 * NODES) throw new Error("net.node-heap: namespaces are missing");
  return {
    value: (bare - start) / NODES / 2 ** 20,
    detail: `${Math.round((full - bare) / NODES / 2 / 1024)} kB more for each Pod`,
  };
}

export function ruleBenches(): Bench[] {
  return [
    { name: "walk.nat-5000", unit: "µs", bar: 100, run: async () => walkThroughServices() },
    { name: "iptables.save-20000", unit: "ms", bar: 100, run: async () => saveMany() },
    { name: "net.node-heap", unit: "MB", bar: 0.05, run: async () => nodeHeap() },
  ];
}
