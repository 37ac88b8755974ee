import {
  addressText,
  deleteNeighbour,
  deleteProxy,
  findNeighbour,
  listProxies,
  parseAddress,
  parseMac,
  putNeighbour,
  putProxy,
  showNeighbours,
  type NeighbourRow,
  type NeighbourState,
  type ProxyRow,
  type ShownNeighbour,
} from "../../sim/net/index.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import type { IpCall } from "./call.ts";
import { Exit, notSimulated } from "./exit.ts";
import { readLinkAddress } from "./link/parse.ts";
import { mustBeAddress, mustBePrefix, within, type TypedPrefix } from "./prefix.ts";
import { colorOf } from "./route/parts.ts";
import { NEIGHBOUR_USAGE } from "./usage/others.ts";
import { duplicate, garbage, invalid, matches, Words } from "./words.ts";

/** `ip neighbour` (ip/ipneigh.c: do_ipneigh). */
export function neighbour(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined) return show(call, []);
  if (matches(verb, "add")) return put(call, rest, "add");
  if (matches(verb, "change") || verb === "chg") return put(call, rest, "change");
  if (matches(verb, "replace")) return put(call, rest, "replace");
  if (matches(verb, "delete")) return remove(call, rest);
  if (matches(verb, "get")) return get(call, rest);
  if (matches(verb, "show") || matches(verb, "lst") || matches(verb, "list")) return show(call, rest);
  if (matches(verb, "flush")) return flush(call, rest);
  if (matches(verb, "help")) throw new Exit(255, NEIGHBOUR_USAGE);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip neigh help".\n`);
}

const STATES = ["permanent", "reachable", "noarp", "none", "stale", "incomplete", "delay", "probe", "failed"];

/** A state by its name, of which two may be abbreviated (nud_state_a2n). */
function readState(word: string): string | undefined {
  return STATES.find((state) =>
    ["permanent", "reachable", "failed"].includes(state) ? matches(word, state) : word === state,
  );
}

interface Wish {
  readonly address: string;
  readonly link: number;
  readonly lladdr?: string;
  readonly state?: string;
  readonly proxy: boolean;
  readonly router?: boolean;
  readonly externLearn?: boolean;
  readonly protocol?: string;
}

function readWish(call: IpCall, rest: readonly string[]): Wish {
  const words = new Words(rest);
  const flags: { proxy: boolean; router?: boolean; externLearn?: boolean; protocol?: string } = { proxy: false };
  let [device, address, lladdr, state]: (string | undefined)[] = [];
  for (; !words.done; words.step()) {
    const { word } = words;
    if (matches(word, "lladdr")) {
      const value = words.next();
      if (lladdr !== undefined) throw duplicate("lladdr", value);
      lladdr = value;
    } else if (word === "nud") {
      state = readState(words.next());
      if (state === undefined) throw invalid("nud state is bad", words.word);
    } else if (word === "dev") device = words.next();
    else if (word === "proxy") {
      flags.proxy = true;
      if (address !== undefined) throw duplicate("address", words.next());
      address = addressText(mustBeAddress(words.next(), call.family));
    } else if (word === "router") flags.router = true;
    else if (matches(word, "extern_learn")) flags.externLearn = true;
    else if (word === "protocol") {
      const protocol = call.names.protocols.number(words.next(), 255);
      if (protocol === undefined) throw invalid('"protocol" value is invalid\n', words.word);
      flags.protocol = call.names.protocols.name(protocol);
    } else if (["use", "managed", "vni"].includes(word)) throw notSimulated("ip", `neigh ${word}`);
    else {
      if (word === "to") words.next();
      if (matches(words.word, "help")) throw new Exit(255, NEIGHBOUR_USAGE);
      if (address !== undefined) throw garbage("to", words.word);
      address = addressText(mustBeAddress(words.word, call.family));
    }
  }
  if ((device === undefined && !flags.proxy) || address === undefined)
    throw new Exit(255, "Device and destination are required arguments.\n");
  const mac = lladdr === undefined || lladdr === "null" ? undefined : readLinkAddress(lladdr);
  return {
    ...flags,
    address,
    link: device === undefined ? 0 : call.mustFindLink(device).index,
    ...(mac === undefined ? {} : { lladdr: mac }),
    ...(state === undefined ? {} : { state }),
  };
}

/** Adds, changes or replaces an entry (net/core/neighbour.c: neigh_add). */
function put(call: IpCall, rest: readonly string[], mode: "add" | "change" | "replace"): number {
  const wish = readWish(call, rest);
  call.requireAdmin();
  const { ns } = call;
  const { state = "permanent" } = wish;
  if (wish.proxy) {
    putProxy(ns, { link: wish.link, address: wish.address });
    return 0;
  }
  if (wish.lladdr !== undefined && parseMac(wish.lladdr) === undefined)
    throw new Exit(2, "Error: Invalid link address.\n");
  const known = findNeighbour(ns, wish.link, parseAddress(wish.address)!);
  if (!known && mode === "change") throw new Exit(2, "RTNETLINK answers: No such file or directory\n");
  if (known && mode === "add") throw new Exit(2, "RTNETLINK answers: File exists\n");
  const valid = ["permanent", "noarp", "reachable", "stale", "delay", "probe"].includes(state);
  const lladdr = wish.lladdr ?? known?.lladdr;
  if (valid && lladdr === undefined) throw new Exit(2, "Error: No link layer address given.\n");
  const { now } = ns.kernel;
  const base = {
    link: wish.link,
    address: wish.address,
    ...(lladdr === undefined ? {} : { lladdr }),
    ...marksOf(wish),
  };
  putNeighbour(ns, { ...base, ...entryOf(state, now) });
  return 0;
}

function marksOf({ router, externLearn, protocol }: Wish): Partial<NeighbourRow> {
  return {
    ...(router ? { router } : {}),
    ...(externLearn ? { externLearn } : {}),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

/** How an entry in that state is kept. */
function entryOf(state: string, now: number): Pick<NeighbourRow, "kind" | "confirmed" | "used"> {
  switch (state) {
    case "permanent":
    case "noarp":
      return { kind: state, confirmed: now };
    case "reachable":
      return { kind: "learned", confirmed: now };
    case "stale":
      return { kind: "learned", confirmed: 0 };
    case "delay":
    case "probe":
      // The timer of a state that was given fires at once: it is asked without the delay (__neigh_update).
      return { kind: "learned", confirmed: 0, used: now - 5 * SECOND };
    case "incomplete":
      return { kind: "asked", confirmed: 0, used: now };
    default:
      return { kind: "asked", confirmed: 0, used: now - 60 * SECOND };
  }
}

function remove(call: IpCall, rest: readonly string[]): number {
  const wish = readWish(call, rest);
  call.requireAdmin();
  const { link, address } = wish;
  if (wish.proxy) {
    if (!deleteProxy(call.ns, { link, address })) throw new Exit(2, "RTNETLINK answers: No such file or directory\n");
    return 0;
  }
  const known = findNeighbour(call.ns, wish.link, parseAddress(wish.address)!);
  if (!known) throw new Exit(2, "RTNETLINK answers: No such file or directory\n");
  deleteNeighbour(call.ns, known);
  return 0;
}

function get(call: IpCall, rest: readonly string[]): number {
  const named = rest.includes("dev");
  if (!named || rest.length < 3) throw new Exit(1, "Device and address are required arguments.\n");
  const wish = readWish(call, rest);
  const found = showNeighbours(call.ns).find(({ row }) => row.link === wish.link && row.address === wish.address);
  if (!found) throw new Exit(2, "Error: Neighbour entry not found.\n");
  call.printer.openList();
  printNeighbour(call, found, false);
  call.printer.closeList();
  return 0;
}

interface Filter {
  readonly link?: number;
  readonly to?: TypedPrefix;
  readonly states?: ReadonlySet<string>;
  readonly master?: number;
  readonly proxy: boolean;
}

function readFilter(call: IpCall, rest: readonly string[]): Filter {
  const words = new Words(rest);
  const filter: { -readonly [K in keyof Filter]: Filter[K] } = { proxy: false };
  const states = new Set<string>();
  let device: string | undefined;
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "dev") {
      const name = words.next();
      if (device !== undefined) throw duplicate("dev", name);
      device = name;
    } else if (word === "master") {
      const master = call.findLink(words.next());
      if (!master) throw invalid("Device does not exist\n", words.word);
      filter.master = master.index;
    } else if (word === "nomaster") filter.master = 0;
    else if (word === "nud") {
      const value = words.next();
      const state = readState(value);
      if (state !== undefined) states.add(state);
      else if (value === "all") for (const one of STATES) states.add(one);
      else throw invalid("nud state is bad", value);
    } else if (word === "proxy") filter.proxy = true;
    else if (word === "vrf") throw invalid("Not a valid VRF name\n", words.next());
    else if (["unused", "protocol"].includes(word)) throw notSimulated("ip", `neigh ${word}`);
    else {
      if (word === "to") words.next();
      if (matches(words.word, "help")) throw new Exit(255, NEIGHBOUR_USAGE);
      if (words.word !== "all" && words.word !== "any" && words.word !== "default")
        filter.to = mustBePrefix(words.word, call.family);
    }
  }
  if (device !== undefined) filter.link = call.mustFindLink(device).index;
  return states.size > 0 ? { ...filter, states } : filter;
}

/** What is meant; unless states are asked for, all but those in `without`. */
function selected(call: IpCall, filter: Filter, without: readonly NeighbourState[]): ShownNeighbour[] {
  const order = new Map(call.links().map((link, at) => [link.index, at]));
  return showNeighbours(call.ns)
    .filter(({ row, state }) => {
      const address = parseAddress(row.address)!;
      if (call.family !== undefined && (typeof address === "number") !== (call.family === 4)) return false;
      if (filter.link !== undefined && row.link !== filter.link) return false;
      if (filter.master !== undefined && (call.ns.links.get(row.link)?.master ?? 0) !== filter.master) return false;
      if (filter.to && !within(filter.to, address)) return false;
      // Whatever state is asked for (print_neigh).
      if (row.externLearn) return true;
      return filter.states ? filter.states.has(state.toLowerCase()) : !without.includes(state);
    })
    .sort(
      (a, b) =>
        Number(a.row.address.includes(":")) - Number(b.row.address.includes(":")) ||
        order.get(a.row.link)! - order.get(b.row.link)!,
    );
}

function show(call: IpCall, rest: readonly string[]): number {
  const filter = readFilter(call, rest);
  call.printer.openList();
  if (filter.proxy) for (const row of listProxies(call.ns)) printProxy(call, row, filter);
  else for (const found of selected(call, filter, ["NOARP"])) printNeighbour(call, found, filter.link !== undefined);
  call.printer.closeList();
  return 0;
}

function flush(call: IpCall, rest: readonly string[]): number {
  if (rest.length === 0) throw new Exit(1, "Flush requires arguments.\n");
  const filter = readFilter(call, rest);
  call.requireAdmin();
  const gone = selected(call, filter, ["PERMANENT", "NOARP"]);
  for (const { row } of gone) deleteNeighbour(call.ns, row);
  if (call.options.stats > 0) {
    call.printer.text(
      gone.length === 0
        ? "Nothing to flush.\n"
        : `\n*** Round 1, deleting ${gone.length} entries ***\n*** Flush is complete after 1 round ***\n`,
    );
  }
  return 0;
}

export function printNeighbour(call: IpCall, { row, state }: ShownNeighbour, oneDevice: boolean): void {
  const { printer, options } = call;
  printer.openObject();
  printer.fact("dst", `${row.address} `, row.address, colorOf(row.address));
  if (!oneDevice) {
    const name = call.linkName(row.link);
    printer.text("dev ");
    printer.fact("dev", `${name} `, name, "interface");
  }
  if (row.lladdr !== undefined && state !== "FAILED" && state !== "INCOMPLETE") {
    printer.text("lladdr ");
    printer.fact("lladdr", `${row.lladdr} `, row.lladdr, "mac");
  }
  if (options.stats > 0) printUse(call, row);
  if (row.router) printer.fact("router", "router ", null);
  if (row.externLearn) printer.fact("extern_learn", "extern_learn ", null);
  printer.openArray("state");
  printer.fact(undefined, `${state} `, state);
  printer.closeArray();
  if (row.protocol !== undefined) printer.fact("protocol", `proto ${row.protocol} `, row.protocol);
  printer.text("\n");
  printer.closeObject();
}

function printProxy(call: IpCall, row: ProxyRow, { link, to }: Filter): void {
  const { printer } = call;
  const value = parseAddress(row.address)!;
  if (call.family !== undefined && (typeof value === "number") !== (call.family === 4)) return;
  if ((link !== undefined && row.link !== link) || (to && !within(to, value))) return;
  printer.openObject();
  printer.fact("dst", `${row.address} `, row.address, colorOf(row.address));
  if (link === undefined && row.link !== 0) {
    const name = call.linkName(row.link);
    printer.text("dev ");
    printer.fact("dev", `${name} `, name, "interface");
  }
  printer.fact("proxy", "proxy ", null);
  printer.text("\n");
  printer.closeObject();
}

/** Seconds since it was used and confirmed (print_cacheinfo). */
function printUse({ printer, ns }: IpCall, row: NeighbourRow): void {
  const since = (time: number | undefined): number =>
    Math.max(0, Math.floor((ns.kernel.now - (time ?? ns.kernel.now)) / SECOND));
  const [used, confirmed] = [since(row.used ?? row.confirmed), since(row.confirmed)];
  printer.text(` used ${used}/${confirmed}/${confirmed}`);
  printer.field("used", used);
  printer.field("confirmed", confirmed);
  printer.field("updated", confirmed);
  printer.fact("probes", `probes ${row.kind === "asked" ? 3 : 1} `, row.kind === "asked" ? 3 : 1);
}
