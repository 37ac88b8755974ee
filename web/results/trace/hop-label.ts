import type { TraceHop } from "../../../grader/trace.ts";

/** Two short lines under a stop; the hop's own words stand in its details. */
export interface HopLabel {
  readonly top: string;
  readonly below: string;
}

/** Longer words are cut. */
const MOST = 18;

export function hopLabel(hop: TraceHop): HopLabel {
  const { top, below } = words(hop);
  return { top: cut(top), below: cut(below) };
}

function words({ at, what, ref }: TraceHop): HopLabel {
  switch (at) {
    case "socket":
      return socketWords(what);
    case "route":
      return { top: "route", below: /\bout (\S+)/.exec(what)?.[1] ?? /^no route/.exec(what)?.[0] ?? lastWord(what) };
    case "rule": {
      const [, table, chain, target] = /^(\S+) ([^\s:]+)(?: →[^:]*)?: (\S+)/.exec(what) ?? [];
      if (target === undefined) return { top: ref?.table ?? "rule", below: ref?.chain ?? "" };
      return { top: `${table!} ${chain!}`, below: target };
    }
    case "policy": {
      const [, table, chain, verdict] = /^(\S+) (\S+): .*policy (\S+)/.exec(what) ?? [];
      return verdict === undefined ? { top: "policy", below: "" } : { top: `${table!} ${chain!}`, below: verdict };
    }
    case "conntrack":
      return { top: "conntrack", below: what.startsWith("known connection") ? "known" : "" };
    case "bridge":
      return { top: "bridge", below: /^bridge (\S+)/.exec(what)?.[1] ?? "" };
    case "tunnel":
      return {
        top: /^[a-z]+/.exec(what)?.[0] ?? "tunnel",
        below: what.includes("unwrapped") ? "unwrapped" : what.includes("wrapped") ? "wrapped" : "",
      };
    case "link":
      return { top: "link", below: /^(?:veth )?(\S+) to /.exec(what)?.[1] ?? "" };
    case "neighbour":
      return { top: "ARP", below: "" };
    case "sysctl":
    case "icmp":
      return { top: at, below: lastWord(what) };
    default:
      return at satisfies never;
  }
}

function socketWords(what: string): HopLabel {
  if (what.startsWith("sends")) return { top: "sends", below: /\((\w+)/.exec(what)?.[1] ?? "" };
  if (what.startsWith("nothing listens")) return { top: "no listener", below: /:(\d+) /.exec(what)?.[1] ?? "" };
  if (what.startsWith("listening")) return { top: "listens", below: /:(\d+)(?: |$)/.exec(what)?.[1] ?? "" };
  if (what.startsWith("connection")) return { top: "connection", below: /:(\d+)(?: |$)/.exec(what)?.[1] ?? "" };
  if (what.startsWith("ICMP error")) return { top: "ICMP error", below: "" };
  return { top: "socket", below: "" };
}

function lastWord(text: string): string {
  return text.split(/[\s:]+/).at(-1) ?? "";
}

function cut(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST - 1)}…`;
}
