import type { AddressRow, LinkRow, NeighbourRow, PolicyRuleRow, RouteRow } from "../../sim/net/index.ts";
import { printAddress } from "./address/list.ts";
import type { IpCall } from "./call.ts";
import { Exit, notSimulated } from "./exit.ts";
import { printLink } from "./link/info.ts";
import { printNeighbour } from "./neighbour.ts";
import { printNetconf } from "./netconf.ts";
import { printRoute } from "./route/print.ts";
import { printRule } from "./rule/print.ts";
import { OBJECT_USAGES } from "./usage/objects.ts";
import { matches, Words } from "./words.ts";

type What = "netconf" | "link" | "address" | "route" | "neigh" | "rule";

const LABELS: Readonly<Record<What, string>> = {
  netconf: "[NETCONF]",
  link: "[LINK]",
  address: "[ADDR]",
  route: "[ROUTE]",
  neigh: "[NEIGH]",
  rule: "[RULE]",
};

/** In the order in which the kernel tells of what one command changes: links, addresses, what follows from them. */
const ORDER: readonly What[][] = [["netconf", "link"], ["address"], ["route"], ["neigh"], ["rule"]];

function rank({ what, late }: Told): number {
  // A link goes behind all that goes with it.
  if (late && (what === "link" || what === "netconf")) return 99;
  return 2 * ORDER.findIndex((kinds) => kinds.includes(what)) + (late ? 1 : 0);
}

interface Told {
  readonly what: What;
  /** Behind the others of its kind: that the machine's own address is no longer local. */
  readonly late?: boolean;
  readonly text: string;
  /** What it is told of: a second change of it before the first was shown takes its place. */
  readonly key: string;
}

/** `ip monitor` (ip/ipmonitor.c): what changes in the namespace, as it changes, until the program is ended. */
export async function monitor(call: IpCall, words: readonly string[]): Promise<number> {
  if (call.options.json) throw notSimulated("ip", "-json monitor");
  const { wanted, label, device } = readWords(call, words);
  const pending: Told[] = [];
  let wake: (() => void) | undefined;
  const closing = watch(call, wanted, device, (told) => {
    const at = pending.findIndex(({ key }) => key === told.key);
    if (at >= 0) pending[at] = told;
    else pending.push(told);
    wake?.();
  });
  try {
    for (;;) {
      await call.process.block<void>((ready) => {
        if (pending.length > 0) ready();
        else wake = () => ready();
        return () => (wake = undefined);
      });
      const batch = pending.splice(0).sort((a, b) => rank(a) - rank(b));
      await call.process.print(batch.map(({ what, text }) => (label ? LABELS[what] : "") + text).join(""));
    }
  } finally {
    for (const close of closing) close();
  }
}

function readWords(
  call: IpCall,
  rest: readonly string[],
): { wanted: ReadonlySet<What>; label: boolean; device?: number } {
  const words = new Words(rest);
  const wanted = new Set<What>();
  let label = false;
  let device: number | undefined;
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "all") label = true;
    else if (matches(word, "label")) label = true;
    else if (word === "dev") {
      const name = words.next();
      const link = call.findLink(name);
      if (!link) throw new Exit(255, `Error: argument "${name}" is wrong: Device does not exist\n\n`);
      device = link.index;
    } else if (matches(word, "link")) wanted.add("link");
    else if (matches(word, "address")) wanted.add("address");
    else if (matches(word, "route")) wanted.add("route");
    else if (matches(word, "neigh")) wanted.add("neigh");
    else if (matches(word, "rule")) wanted.add("rule");
    else if (matches(word, "help")) throw new Exit(255, OBJECT_USAGES["monitor"]);
    else if (["mroute", "netconf", "nexthop", "nsid", "prefix", "stats", "file", "all-nsid"].includes(word))
      throw notSimulated("ip", `monitor ${word}`);
    else throw new Exit(255, `Argument "${word}" is unknown, try "ip monitor help".\n`);
  }
  const all = new Set(ORDER.flat());
  return { wanted: wanted.size > 0 ? wanted : all, label, ...(device === undefined ? {} : { device }) };
}

function watch(
  call: IpCall,
  wanted: ReadonlySet<What>,
  device: number | undefined,
  tell: (told: Told) => void,
): (() => void)[] {
  const { ns } = call;
  const concerns = (link: number): boolean => device === undefined || device === link;
  const ofFamily = (family: number): boolean => call.family === undefined || call.family === family;
  /** The text is made at once: what it names may be gone soon. */
  const say = (what: What, key: string, gone: boolean, print: () => void, late = false): void => {
    print();
    tell({ what, key, late, text: `${gone ? "Deleted " : ""}${call.printer.take()}` });
  };
  const closing: (() => void)[] = [];
  if (wanted.has("link") && call.options.family !== 4 && call.options.family !== 6)
    closing.push(
      ns.links.watch((index, before, after) => {
        if (!concerns(index)) return;
        const shown = (row: LinkRow): string => {
          printLink(call, row, { link: false, family: undefined, withoutQueue: true });
          return call.printer.take();
        };
        if (after && before && shown(before) === shown(after)) return;
        const row = after ?? { ...before!, up: false };
        if (wanted.has("netconf") && !(before && after))
          for (const family of [4, 6] as const) {
            const key = `netconf ${family} ${index}`;
            if (after) say("netconf", key, false, () => printNetconf(call, family, row.name));
            else
              say(
                "netconf",
                key,
                true,
                () => call.printer.text(`${family === 4 ? "inet" : "inet6"} ${row.name} \n`),
                true,
              );
          }
        say(
          "link",
          `link ${index}`,
          after === undefined,
          () => printLink(call, row, { link: false, family: undefined, withoutQueue: true }),
          after === undefined,
        );
      }),
    );
  if (wanted.has("address"))
    closing.push(
      ns.addresses.watch((index, before, after) => {
        const link = ns.links.get(index);
        if (!link || !concerns(index)) return;
        for (const { row, gone } of changes(before, after, (one) => one.local))
          if (ofFamily(row.family))
            say("address", `address ${index} ${row.local}`, gone, () => printAddress(call, link, row, true));
      }),
    );
  if (wanted.has("route"))
    closing.push(
      ns.routes.watch((_, before, after) => {
        for (const { row, gone } of changes(before, after, routeKey))
          if (ofFamily(row.family) && (device === undefined || row.hops.some(({ link }) => link === device)))
            say(
              "route",
              `route ${routeKey(row)} ${row.table} ${row.to} ${gone}`,
              gone,
              () => printRoute(call, row, { table: 0 }),
              gone && row.type === "local",
            );
      }),
    );
  const neighbours = (_: number | string, before: NeighbourRow | undefined, after: NeighbourRow | undefined): void => {
    const row = after ?? before!;
    const state = stateOf(row, ns.kernel.now);
    // That somebody was asked for and has not answered yet is not told.
    if (state === undefined || !concerns(row.link) || !ofFamily(row.address.includes(":") ? 6 : 4)) return;
    if (before && after && stateOf(before, ns.kernel.now) === state && before.lladdr === after.lladdr) return;
    say("neigh", `neigh ${row.link} ${row.address}`, after === undefined, () =>
      printNeighbour(call, { row, state }, false),
    );
  };
  if (wanted.has("neigh")) closing.push(ns.neighbours.watch(neighbours), ns.neighboursLearned.watch(neighbours));
  if (wanted.has("rule") && device === undefined)
    closing.push(
      ns.rules.watch((family, known, after) => {
        // Linux' own rules are there before any is written.
        const before = known ?? after?.filter(({ priority }) => [0, 32_766, 32_767].includes(priority));
        for (const { row, gone } of changes(before, after, (one: PolicyRuleRow) => JSON.stringify(one)))
          if (ofFamily(family)) say("rule", `rule ${JSON.stringify(row)} ${gone}`, gone, () => printRule(call, row));
      }),
    );
  return closing;
}

function stateOf(row: NeighbourRow, now: number): "PERMANENT" | "NOARP" | "REACHABLE" | "STALE" | undefined {
  if (row.kind === "permanent") return "PERMANENT";
  if (row.kind === "noarp") return "NOARP";
  if (row.kind === "asked") return undefined;
  return row.confirmed > 0 && now - row.confirmed < 15_000_000 ? "REACHABLE" : "STALE";
}

function routeKey({ metric, tos, type, hops }: RouteRow): string {
  return `${metric} ${tos ?? 0} ${type} ${hops.map(({ link, via }) => `${link} ${via ?? ""}`).join(" ")}`;
}

interface Change<T> {
  readonly row: T;
  readonly gone: boolean;
}

/** What differs between two lists of rows, by what makes a row the same. */
function changes<T extends AddressRow | RouteRow | PolicyRuleRow>(
  before: readonly T[] | undefined,
  after: readonly T[] | undefined,
  keyOf: (row: T) => string,
): Change<T>[] {
  const [old, now] = [before ?? [], after ?? []].map((rows) => new Map(rows.map((row) => [keyOf(row), row]))) as [
    Map<string, T>,
    Map<string, T>,
  ];
  const gone = [...old].filter(([key]) => !now.has(key)).map(([, row]) => ({ row, gone: true }));
  const made = [...now].filter(([key, row]) => old.get(key) !== row).map(([, row]) => ({ row, gone: false }));
  return [...gone, ...made];
}
