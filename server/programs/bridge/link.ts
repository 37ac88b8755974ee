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
    if (port.master === undefined || isDatapathPort(call, port) || (only !== undefined && port.index !== only))
      continue;
    call.printer.openObject();
    printPort(call, port);
    call.printer.closeObject();
  }
  call.printer.closeList();
  return 0;
}

/** What Open vSwitch has as ports is not the kernel bridge's. */
function isDatapathPort(call: IpCall, port: LinkRow): boolean {
  const master = call.ns.links.get(port.master!);
  return master?.kind === "bridge" && master.openvswitch === true;
}

function printPort(call: IpCall, port: LinkRow): void {
  const { printer } = call;
  const { state, priority, cost, hairpin, learning, flood, isolated } = port.port!;
  const {
    guard = false,
    rootBlock = false,
    fastLeave = false,
    multicastFlood = true,
    broadcastFlood = true,
  } = port.port!;
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
      guard,
      root_block: rootBlock,
      fastleave: fastLeave,
      learning,
      flood,
    }))
      onOff(name, value);
    onOff("mcast_flood", multicastFlood);
    onOff("bcast_flood", broadcastFlood);
    printer.fact("mcast_router", "mcast_router 1 ", 1);
    for (const name of ["mcast_to_unicast", "neigh_suppress", "vlan_tunnel"]) onOff(name, false);
    onOff("isolated", isolated);
    onOff("locked", false);
  }
  printer.text("\n");
}

/** By the name of the field. */
const SWITCHES: Readonly<Record<string, string>> = {
  guard: "guard",
  hairpin: "hairpin",
  fastleave: "fastLeave",
  root_block: "rootBlock",
  learning: "learning",
  flood: "flood",
  mcast_flood: "multicastFlood",
  bcast_flood: "broadcastFlood",
  isolated: "isolated",
};

/** By number (BR_STATE_…). */
const STATES = ["disabled", "listening", "learning", "forwarding", "blocking"];

/** Options that Linux has and this simulation has not. */
const UNSIMULATED = [
  "mcast_to_unicast", "mcast_router", "neigh_suppress", "vlan_tunnel", "locked", "mab", "backup_port", "nobackup_port",
]; // prettier-ignore

function set(call: IpCall, rest: readonly string[]): number {
  const words = new Words(rest);
  const change: Record<string, boolean | number | string> = {};
  let device: string | undefined;
  let refused: string | undefined;
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "dev") device = words.next();
    else if (Object.hasOwn(SWITCHES, word)) change[SWITCHES[word]!] = onOff(word, words.next());
    else if (word === "learning_sync") onOff(word, words.next());
    else if (word === "state") {
      const value = words.next();
      const number = readUnsigned(value, 0xff) ?? STATES.indexOf(value.toLowerCase());
      if (number < 0) throw new Exit(255, "Error: invalid STP port state\n");
      const state = STATES[number];
      if (state === undefined) refused = "Invalid argument";
      else change["state"] = state;
    } else if (word === "hwmode") {
      const mode = words.next();
      if (mode !== "vepa" && mode !== "veb") throw new Exit(255, 'Mode argument must be "vepa" or "veb".\n');
      refused = "Operation not supported";
    } else if (word === "cost" || word === "priority") {
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
  if (refused !== undefined) throw new Exit(255, `RTNETLINK answers: ${refused}\n`);
  talk(setPort(call.ns, found.index, change), "bridge", 255);
  return 0;
}

function onOff(name: string, word: string): boolean {
  if (word === "on" || word === "off") return word === "on";
  throw new Exit(234, `Error: argument of "${name}" must be one of "off", "on", not "${word}"\n`);
}
