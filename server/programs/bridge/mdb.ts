import { addressesOf, addressText, parseIPv6 } from "../../sim/net/index.ts";
import type { IpCall } from "../ip/call.ts";
import { Exit, notSimulated } from "../ip/exit.ts";
import { matches } from "../ip/words.ts";
import { hasIpv6 } from "./groups.ts";
import { MDB_USAGE } from "./usage.ts";

/** `bridge mdb`: the groups that a bridge itself is in; nothing else speaks multicast here (iproute2 bridge/mdb.c). */
export function mdb(call: IpCall, [verb, ...rest]: readonly string[]): number {
  if (verb !== undefined && matches(verb, "help")) throw new Exit(255, MDB_USAGE);
  if (verb !== undefined && !matches(verb, "show") && !matches(verb, "list"))
    throw notSimulated("bridge", `mdb ${verb}`);
  if (rest.length > 0) throw notSimulated("bridge", `mdb show ${rest[0]!}`);
  if (call.options.json) throw notSimulated("bridge", "-j mdb");
  for (const link of call.links()) {
    if (link.kind !== "bridge" || !link.up || !hasIpv6(call.ns, link)) continue;
    const groups = addressesOf(call.ns, link.index)
      .filter((row) => row.family === 6)
      .map((row) => addressText(0xff02_0000_0000_0000_0000_0001_ff00_0000n | (parseIPv6(row.local)! & 0xff_ffffn)));
    for (const group of new Set(["ff02::6a", ...groups]))
      call.printer.text(`dev ${link.name} port ${link.name} grp ${group} temp\n`);
  }
  return 0;
}
