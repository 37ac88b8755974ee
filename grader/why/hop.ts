import type { Hop, Namespace } from "../../server/sim/net/index.ts";
import type { Pod } from "../../server/sim/kube/api/index.ts";
import type { Probe } from "../probe/probe.ts";
import { commandAt } from "../scene/place.ts";
import { localAddresses, type Scene } from "../scene/scene.ts";
import { listed, type Explanation } from "./explanation.ts";
import { headedFor, podAt } from "./headed.ts";
import { policyWords } from "./policy.ts";
import { podTrouble } from "./pod.ts";

/** What ended a connection, from the hop that decided and from what is at the address that it was headed for. */
export function explainHop(scene: Scene, probe: Probe): Explanation {
  const { trace, by } = probe;
  if (!trace || !by) return withoutTrace(probe);
  const { dst, dport = 0 } = headedFor(trace, by);
  const where = by.netns === "" ? by.host : by.netns;
  if (!trace.hops.includes(by))
    return { why: `the packet arrives, but its answer is lost at ${where}: ${hopWords(by)}`, ...seeHop(scene, by) };
  if (by.at === "socket" && probe.outcome === "refused") return nothingListens(scene, probe, dst, dport);
  const policy = policyWords(scene, probe);
  if (policy) return policy;
  const gone = by.at === "neighbour" || by.at === "bridge" ? deadAddress(scene, dst) : undefined;
  if (gone !== undefined) return { why: gone };
  return { why: `at ${where}: ${hopWords(by)}`, ...seeHop(scene, by) };
}

/** Nothing was sent: a connection that finds no route fails before there is a packet. */
function withoutTrace({ outcome, from, address }: Probe): Explanation {
  if (outcome !== "no route" || address === undefined) return {};
  return {
    why: `at ${from.netns ?? from.name}: no route to ${address}`,
    see: commandAt(from, address.includes(":") ? "ip -6 route" : "ip route"),
  };
}

function hopWords({ what, ref }: Hop): string {
  if (ref?.kind !== "rule") return ref ? `${what} (${ref.text})` : what;
  return `rule \`iptables -t ${ref.table ?? "filter"} ${ref.text}\` decides`;
}

function routeCommand(what: string): string {
  if (what.startsWith("a rule (ip rule)")) return "ip rule";
  return /\b[0-9a-f]*:[0-9a-f]*:/.test(what) ? "ip -6 route" : "ip route";
}

/** The command that shows what decided. */
function seeHop(scene: Scene, { host, netns, at, what, ref }: Hop): Explanation {
  const command =
    at === "rule" && ref
      ? `iptables -t ${ref.table ?? "filter"} -S ${ref.chain ?? ""}`.trim()
      : at === "policy" && ref
        ? `iptables -t ${ref.table ?? "filter"} -S ${ref.chain ?? ""}`
        : at === "route"
          ? routeCommand(what)
          : at === "neighbour"
            ? "ip neigh"
            : at === "link" || at === "bridge"
              ? "ip -br link"
              : at === "sysctl" && ref
                ? `sysctl ${ref.text.split(" ")[0]!}`
                : undefined;
  if (command === undefined) return {};
  const machine = scene.machine(host);
  // Nobody logs in to a router.
  if (machine.host.machine.row.profile === "appliance") return {};
  if (netns === "") return { see: commandAt(machine, command) };
  return scene.world.network.named(host, netns) ? { see: commandAt(machine, `ip netns exec ${netns} ${command}`) } : {};
}

function nothingListens(scene: Scene, probe: Probe, address: string, port: number): Explanation {
  const pod = podAt(scene, address);
  const ns = pod ? scene.places(podSource(pod))[0]?.ns : machineAt(scene, address);
  const name = pod ? `Pod ${pod.metadata.name}` : (ns?.machine ?? address);
  const protocol = probe.target.scheme === "udp" ? "udp" : "tcp";
  const { all, local } = listeners(ns, protocol);
  if (local.includes(port))
    return { why: `the process in ${name} listens on 127.0.0.1:${port} only, which nobody else reaches` };
  const subject = pod ? "The container listens" : "Something listens";
  const ports = all.length > 0 && pod ? `. ${subject} on ${listed(all.map(String))}.` : "";
  return { why: `nothing listens on port ${port} in ${name}${ports}` };
}

function listeners(ns: Namespace | undefined, protocol: "tcp" | "udp"): { all: number[]; local: number[] } {
  const all: number[] = [];
  const local: number[] = [];
  for (const row of ns?.sockets.values() ?? []) {
    if (row.protocol !== protocol || (protocol === "tcp" && row.state !== "listen")) continue;
    (row.address.startsWith("127.") || row.address === "::1" ? local : all).push(row.port);
  }
  return { all: [...new Set(all)].sort((a, b) => a - b), local };
}

function podSource({ metadata }: Pod) {
  return { pod: metadata.name, namespace: metadata.namespace ?? "" };
}

function machineAt(scene: Scene, address: string): Namespace | undefined {
  for (const { host } of scene.world.hosts.machines()) {
    const ns = scene.world.network.find(host.netns);
    if (ns && localAddresses(ns).includes(address)) return ns;
  }
  return undefined;
}

/** Nobody answers for an address: no Pod has it, or its Pod is in trouble. */
function deadAddress(scene: Scene, address: string): string | undefined {
  if (!scene.hasCluster) return undefined;
  const pod = podAt(scene, address);
  if (!pod) return `nobody has the address ${address}`;
  const trouble = podTrouble(pod);
  return trouble === undefined ? undefined : `Pod ${pod.metadata.name} ${trouble}`;
}
