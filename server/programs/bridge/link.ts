import { findLink, setPort, type LinkRow } from "../../sim/net/index.ts";
import type { IpCall } from "../ip/call.ts";
import { Exit, notSimulated, talk } from "../ip/exit.ts";
import { printFlags, printName } from "../ip/link/info.ts";
import { matches, readUnsigned, invalid, Words } from "../ip/words.ts";
import { LINK_USAGE } from "./usage.ts";

/** `bridge link` (iproute2 bridge/link.c). */
export function link(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined) return show(call, []);
  if (matches(verb, "set") || matches(verb, "change")) return set(call, rest);
  if (matches(verb, "show") || matches(verb, "lst") || matches(verb, "list")) return show(call, rest);
  if (matches(verb, "help")) throw new Exit(255, LINK_USAGE);
  throw new Exit(255, `Command "${verb}" is unknown, try "bridge link help".\n`);
}

function show(call: IpCall, rest: readonly string[]): number {
  const words = new Words(rest);
  let only: number | undefined;
  for (; !words.done; words.step()) if (words.word === "dev") only = call.mustFindLink(words.next(), 255).index;
  call.printer.openList();
  for (const port of call.links()) {
    if (port.master === undefined || (only !== undefined && port.index !== only)) continue;
    call.printer.openObject();
    printPort(call, port);
    call.printer.closeObject();
  }
  call.printer.closeList();
  return 0;
}

function printPort(call: IpCall, port: LinkRow): void {
  const { printer } = call;
  const { state, priority, cost, hairpin, learning, flood, isolated } = port.port!;
  printer.fact("ifindex", `${port.index}: `, port.index);
  const down = printName(call, port, (name) => `${name}: `);
  printFlags(call, port, down, "> ");
  printer.fact("mtu", `mtu ${port.mtu} `, port.mtu);
  const master = call.linkName(port.master!);
  printer.fact("master", `master ${master} `, master);
  printer.fact("state", `state ${state} `, state);
  printer.fact("priority", `priority ${priority} `, priority);
  printer.fact("cost", `cost ${cost} `, cost);
  if (call.options.details) {
    printer.newLine();
    printer.text("    ");
    const onOff = (name: string, value: boolean): void => printer.fact(name, `${name} ${value ? "on" : "off"} `, value);
    for (const [name, value] of Object.entries({
      hairpin,
      guard: false,
      root_block: false,
      fastleave: false,
      learning,
      flood,
    }))
      onOff(name, value);
    onOff("mcast_flood", true);
    onOff("bcast_flood", true);
    printer.fact("mcast_router", "mcast_router 1 ", 1);
    for (const name of ["mcast_to_unicast", "neigh_suppress", "vlan_tunnel"]) onOff(name, false);
    onOff("isolated", isolated);
    onOff("locked", false);
  }
  printer.text("\n");
}

const SWITCHES = ["hairpin", "learning", "flood", "isolated"];

/** Options that Linux has and this simulation has not. */
const UNSIMULATED = [
  "guard", "root_block", "fastleave", "learning_sync", "mcast_flood", "bcast_flood", "mcast_to_unicast", "mcast_router",
  "neigh_suppress", "vlan_tunnel", "locked", "mab", "hwmode", "backup_port", "nobackup_port", "state",
]; // prettier-ignore

function set(call: IpCall, rest: readonly string[]): number {
  const words = new Words(rest);
  const change: Record<string, boolean | number> = {};
  let device: string | undefined;
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "dev") device = words.next();
    else if (SWITCHES.includes(word)) change[word] = onOff(word, words.next());
    else if (word === "cost" || word === "priority") {
      const value = readUnsigned(words.next(), 0xffff);
      if (value === undefined) throw invalid(`invalid ${word}`, words.word);
      change[word] = value;
    } else if (word === "self" || word === "master") continue;
    else if (UNSIMULATED.includes(word)) throw notSimulated("bridge", word);
    else throw new Exit(255, LINK_USAGE);
  }
  if (device === undefined) throw new Exit(255, "Device is a required argument.\n");
  const found = findLink(call.ns, device);
  if (!found) throw new Exit(255, `Cannot find bridge device "${device}"\n`);
  call.requireAdmin();
  if (!found.port) throw new Exit(255, "RTNETLINK answers: Operation not supported\n");
  talk(setPort(call.ns, found.index, change), "bridge", 255);
  return 0;
}

function onOff(name: string, word: string): boolean {
  if (word === "on" || word === "off") return word === "on";
  throw new Exit(255, `Error: argument of "${name}" must be one of "off", "on", not "${word}"\n`);
}
