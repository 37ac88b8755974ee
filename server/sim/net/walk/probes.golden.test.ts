import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { addNamespace } from "../lifecycle.ts";
import { createLink } from "../link/create.ts";
import { setPort } from "../link/bridge.ts";
import { listFlows } from "../conntrack/flows.ts";
import { flowText } from "../conntrack/text.ts";
import type { Namespace } from "../namespace.ts";
import { saveRules } from "../netfilter/save.ts";
import { addressText } from "../ip.ts";
import { parsePrefix, prefixText } from "../ip.ts";
import { addRule } from "../route/rules.ts";
import { command } from "../testing-commands.ts";
import { give, iptables, linkNamed, listen, must, sysctl, testNetwork, up } from "../testing.ts";
import { connect } from "../transport/connect.ts";
import { exchangeDatagram } from "../transport/datagram.ts";
import { ping } from "../transport/ping.ts";
import type { Errno } from "../errno.ts";

/** What the recorder kept: `fixtures/record.mjs`. */
interface Step {
  readonly line: string;
  readonly at: number;
  readonly outcome?: string;
  readonly until?: number;
  readonly after?: Record<string, { rules: string[]; flows: string[] }>;
}

const recorded = JSON.parse(readFileSync(new URL("fixtures/probes.json", import.meta.url), "utf8")) as {
  name: string;
  steps: Step[];
}[];

describe("packets fare as on the real kernel:", () => {
  test.each(recorded.map((scenario) => [scenario.name, scenario] as const))("%s", (_, { steps }) => {
    const network = testNetwork();
    const host = addNamespace(network, "host");
    network.loadModule("host", "br_netfilter");
    const start = network.kernel.now;
    const names: string[] = [];
    for (const step of steps) {
      network.kernel.advance(start + happened(step) * 1_000_000);
      const outcome = run(host, names, step.line);
      if (step.outcome === undefined) continue;
      network.kernel.advance(start + step.until! * 1_000_000);
      const after: Step["after"] = {};
      const real: Step["after"] = {};
      for (const name of names) {
        const ns = network.named("host", name)!;
        const rules = saveRules(ns, { counters: true })
          .split("\n")
          .filter((line) => line !== "" && line !== "COMMIT");
        const flows = listFlows(ns).map((row) => flowText(row, network.kernel.now));
        const theirs = step.after![name]?.flows ?? [];
        if (rules.length > 0 || flows.length > 0) after[name] = { rules, flows: known(flows, theirs) };
        if (step.after![name]) real[name] = { rules: step.after![name].rules, flows: known(theirs, flows) };
      }
      expect({ line: step.line, outcome, after }).toEqual({ line: step.line, outcome: step.outcome, after: real });
    }
  });
});

/** A client takes a while to start: what is answered at once happens at the end of its step. */
function happened({ at, until, outcome }: Step): number {
  const waits = outcome === undefined || /silence|no answer|Host Unreachable/.test(outcome);
  return waits ? at : until! - 0.1;
}

/**
 * Flows to compare. Not the kernel's own reports of groups (IGMP), nor those that one side has just forgotten and the other is
 * about to: a recorder's seconds are not exact.
 */
function known(flows: readonly string[], others: readonly string[]): string[] {
  const there = new Set(others.map(mask));
  const left = (flow: string): number => Number(/^\w+ +\d+ (\d+)/.exec(flow)![1]);
  return flows
    .filter((flow) => !flow.startsWith("unknown  2") && (left(flow) > 2 || there.has(mask(flow))))
    .map(mask)
    .sort();
}

/** Ports and ids that were drawn, seconds that are left, and who looks at the entry just now. */
function mask(flow: string): string {
  return flow
    .replace(/ use=\d+/, "")
    .replace(/^(\w+ +\d+) \d+ /, "$1 S ")
    .replace(/port=(\d+)/g, (text, port) => (Number(port) >= 32768 ? "port=P" : text))
    .replace(/ id=\d+/g, " id=I");
}

let echo = 0;

function run(host: Namespace, names: string[], line: string): string | undefined {
  const [verb, name, ...rest] = line.split(" ") as [string, string, ...string[]];
  const { network } = host;
  if (verb === "ip") {
    must(command(host, line));
    return undefined;
  }
  if (verb === "ns") {
    names.push(name);
    const made = addNamespace(network, "host", { name });
    for (const owner of ["all", "default", "lo"]) sysctl(made, `net.ipv6.conf.${owner}.disable_ipv6`, 1);
    up(made, "lo");
    return undefined;
  }
  if (verb === "sleep") return undefined;
  const ns = network.named("host", name)!;
  switch (verb) {
    case "wire":
      return wire(ns, rest);
    case "iptables":
      return (iptables(ns, rest.join(" ")), undefined);
    case "sysctl":
      return (sysctl(ns, ...(rest[0]!.split("=") as [string, string])), undefined);
    case "bridge":
      return (must(setPort(ns, linkNamed(ns, rest[3]!).index, { hairpin: true })), undefined);
    case "rule":
      return (rule(ns, rest), undefined);
    case "listen":
      if (![...ns.sockets.values()].some((socket) => socket.port === Number(rest[1])))
        listen(ns, Number(rest[1]), { address: rest[0]! });
      return undefined;
    case "ping":
      return pinged(ns, rest);
    case "tcp": {
      const made = connect(ns, { to: rest[0]!, port: Number(rest[1]) });
      made.connection?.reset();
      // The recorder's client gives up after half a second.
      if (made.latency > 500_000 || made.outcome === "no answer") return "no answer";
      return made.outcome === "connected" ? "connected" : made.errno;
    }
    default: {
      const made = exchangeDatagram(ns, { to: rest[0]!, port: Number(rest[1]) }, "hello");
      return made.outcome === "answered" ? "answered" : (made.errno ?? "no answer");
    }
  }
}

function wire(ns: Namespace, [ifA, addressA, nameB, ifB, addressB]: string[]): undefined {
  const other = ns.network.named("host", nameB!)!;
  must(createLink(ns, { kind: "veth", name: ifA!, peer: { name: ifB!, namespace: other.id } }));
  up(ns, ifA!);
  up(other, ifB!);
  if (addressA !== "-") give(ns, ifA!, addressA!);
  if (addressB !== "-") give(other, ifB!, addressB!);
}

function rule(ns: Namespace, [, selector, value, ...rest]: string[]): void {
  const text = (prefix: string): string => prefixText(parsePrefix(prefix)!);
  const selected =
    selector === "fwmark"
      ? { mark: { value: Number(value), mask: 0xffff_ffff } }
      : selector === "from"
        ? { from: text(value!) }
        : { to: text(value!) };
  const priority = rest[0] === "prio" ? { priority: Number(rest[1]) } : {};
  const action = rest.includes("prohibit") ? ("prohibit" as const) : { table: Number(rest.at(-1)) };
  must(addRule(ns, { ...selected, ...priority, action }));
}

/** Words that ping prints for what it hears. */
const UNREACHABLE = ["Net", "Host", "Protocol", "Port"];
const LOCAL: Partial<Record<Errno, string>> = {
  ENETUNREACH: "connect: Network is unreachable",
  EHOSTUNREACH: "connect: No route to host",
  EINVAL: "connect: Invalid argument",
  EACCES: "Do you want to ping broadcast? Then -b. If not, check your local firewall rules",
};

function pinged(ns: Namespace, [to, ...options]: string[]): string {
  const value = (name: string): string | undefined =>
    options.includes(name) ? options[options.indexOf(name) + 1] : undefined;
  const [ttl, size, from] = [value("-t"), value("-s"), value("-I")];
  const made = ping(ns, {
    to: to!,
    id: ++echo,
    seq: 1,
    ...(ttl === undefined ? {} : { ttl: Number(ttl) }),
    ...(size === undefined ? {} : { size: Number(size) }),
    ...(from === undefined ? {} : { from }),
    dontFragment: value("-M") === "do",
  });
  const { reply } = made;
  if (made.outcome === "answered") return `answered by ${addressText(reply!.src)} ttl ${reply!.ttl}`;
  if (made.trace.errno === "EMSGSIZE") return "local error: message too long, mtu=1500";
  if (made.trace.errno !== undefined) return LOCAL[made.trace.errno] ?? "silence";
  if (!reply) return "silence";
  const source = addressText(reply.src);
  if (reply.icmpType === 11) return `Time to live exceeded from ${source}`;
  if (reply.icmpCode === 4) return `Frag needed and DF set (mtu = ${reply.icmpMtu}) from ${source}`;
  if (reply.icmpCode === 13) return `Packet filtered from ${source}`;
  return `Destination ${UNREACHABLE[reply.icmpCode]} Unreachable from ${source}`;
}
