import { runProgram, testHosts, type Ran } from "../../host/testing.ts";
import { SECOND } from "../../kernel/index.ts";
import { createRegistry } from "../../../programs/registry.ts";
import type { Program } from "../../host/index.ts";
import { bindNetwork } from "../program/bind.ts";
import { addNamespace } from "../lifecycle.ts";
import { loopbackIndex } from "../link/links.ts";
import { deleteNeighbour, listNeighbours } from "../neighbour.ts";
import { Network } from "../network.ts";
import { deviceKey } from "../sysctl/configuration.ts";
import { listen } from "../testing.ts";
import { argv, TCP_PORT, UDP_PORT, type Op } from "./op.ts";
import { verdictOf } from "./verdicts.ts";

/** What an op came to: a command's exit status and words, or the verdict of a probe. */
export type Came = { readonly code: number; readonly stderr: string } | { readonly verdict: string };

/** What scenarios run, and what looks at the outcome. */
const NEEDED = ["ip", "sysctl", "iptables", "conntrack"];

let programs: Promise<Program[]> | undefined;

function neededPrograms(): Promise<Program[]> {
  const registry = createRegistry([]);
  return Promise.all(NEEDED.map(async (name) => (await registry.find(name)) as Program));
}

export interface Ours {
  readonly network: Network;
  play(op: Op): Promise<Came>;
  /** Runs a program in a namespace. */
  run(ns: string, words: readonly string[]): Promise<Ran>;
}

/** A machine of ours on which the commands of a scenario are run by its programs. */
export async function ours(): Promise<Ours> {
  programs ??= neededPrograms();
  const { hosts, host } = testHosts(await programs);
  Object.assign(hosts.profile("test").versions, { iptables: "1.8.9", iproute2: "6.1.0" });
  const network = new Network(host.kernel);
  addNamespace(network, "controlplane");
  bindNetwork(hosts, network);
  network.serve("who", {
    datagram: (_bytes, { ns, remote }) => [{ bytes: `${ns.row.name} as ${remote.address}` }],
  });
  let probes = 0;
  const inside = (ns: string, words: readonly string[]): string[] =>
    words[0] === "ip" ? ["ip", "-n", ns, ...words.slice(1)] : ["ip", "netns", "exec", ns, ...words];
  return {
    network,
    async play(op) {
      if (op.do === "netns") {
        const { code, stderr } = await runProgram(host, argv(op));
        const ns = network.named("controlplane", op.ns)!;
        // As kernel.py: neither side tells of shorter ways.
        for (const owner of ["all", "default", loopbackIndex(ns)])
          ns.sysctls.set(deviceKey("net/ipv4/conf", owner, "send_redirects"), "0");
        listen(ns, TCP_PORT);
        listen(ns, UDP_PORT, { protocol: "udp", application: "who" });
        return { code, stderr };
      }
      const ns = network.named("controlplane", op.ns);
      if (!ns) return op.do === "probe" ? { verdict: "no namespace" } : { code: 1, stderr: "no namespace" };
      if (op.do !== "probe") {
        const { code, stderr } = await runProgram(host, inside(op.ns, argv(op)));
        return { code, stderr };
      }
      for (const { id } of network.namespaces.values()) {
        const each = network.namespace(id);
        for (const row of listNeighbours(each)) if (row.kind !== "permanent") deleteNeighbour(each, row);
        each.pathMtu.clear();
      }
      const verdict = verdictOf(ns, op, ++probes);
      network.kernel.advance(network.kernel.now + SECOND / 10);
      return { verdict };
    },
    run: (ns, words) => runProgram(host, inside(ns, words)),
  };
}
