import type { IpCall } from "../ip/call.ts";
import { Exit, notSimulated } from "../ip/exit.ts";
import { filtersVlans } from "../ip/link/details.ts";
import { matches, Words } from "../ip/words.ts";
import { VLAN_USAGE } from "./usage.ts";

/** `bridge vlan`: every port is in VLAN 1, untagged; others are not simulated (iproute2 bridge/vlan.c). */
export function vlan(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined) return show(call, []);
  if (matches(verb, "show") || matches(verb, "lst") || matches(verb, "list")) return show(call, rest);
  if (matches(verb, "help")) throw new Exit(255, VLAN_USAGE);
  for (const other of ["add", "delete", "set", "tunnelshow", "global"])
    if (matches(verb, other)) throw notSimulated("bridge", `vlan ${other}`);
  throw new Exit(255, `Command "${verb}" is unknown, try "bridge vlan help".\n`);
}

function show(call: IpCall, rest: readonly string[]): number {
  const words = new Words(rest);
  let only: number | undefined;
  for (; !words.done; words.step()) if (words.word === "dev") only = call.mustFindLink(words.next(), 255).index;
  const { printer } = call;
  printer.openList();
  const ports = filtersVlans(call)
    ? call.links().filter((link) => link.master !== undefined || link.kind === "bridge")
    : [];
  // Columns are as wide as the longest name of a link that is listed (IFNAMSIZ at least).
  printer.text(`${"port".padEnd(16)}  vlan-id  \n`);
  for (const port of ports) {
    if (only !== undefined && port.index !== only) continue;
    printer.openObject();
    printer.fact("ifname", port.name.padEnd(16), port.name, "interface");
    printer.openArray("vlans");
    printer.openObject();
    printer.fact("vlan", "  1", 1);
    printer.openArray("flags");
    printer.fact(undefined, " PVID", "PVID");
    printer.fact(undefined, " Egress Untagged", "Egress Untagged");
    printer.closeArray();
    printer.closeObject();
    printer.closeArray("\n");
    printer.closeObject();
  }
  printer.closeList();
  return 0;
}
