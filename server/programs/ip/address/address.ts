import { removeAddress } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { ADDRESS_USAGE } from "../usage/address.ts";
import { matches } from "../words.ts";
import { readFilter } from "./filter.ts";
import { addresses, list } from "./list.ts";
import { deleteAddress, putAddress } from "./modify.ts";

/** `ip address` (ip/ipaddress.c: do_ipaddr). */
export async function address(call: IpCall, words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words;
  if (verb === undefined) return show(call, []);
  if (matches(verb, "add")) return putAddress(call, rest, "add");
  if (matches(verb, "change") || verb === "chg") return putAddress(call, rest, "replace");
  if (matches(verb, "replace")) return putAddress(call, rest, "replace");
  if (matches(verb, "delete")) return deleteAddress(call, rest);
  if (matches(verb, "show") || matches(verb, "lst") || matches(verb, "list")) return show(call, rest);
  if (matches(verb, "flush")) return flush(call, rest);
  for (const other of ["save", "showdump", "restore"])
    if (matches(verb, other)) throw notSimulated("ip", `address ${other}`);
  if (matches(verb, "help")) throw new Exit(255, ADDRESS_USAGE);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip address help".\n`);
}

function show(call: IpCall, words: readonly string[]): number {
  list(call, readFilter(call, words, false, ADDRESS_USAGE));
  return 0;
}

/** Deletes what the filter leaves. Deleting a primary address may take secondary ones with it, so it looks again. */
function flush(call: IpCall, words: readonly string[]): number {
  if (words.length === 0) throw new Exit(1, "Flush requires arguments.\n");
  const filter = readFilter(call, words, false, ADDRESS_USAGE);
  call.requireAdmin();
  let count = 0;
  for (const link of call.links()) {
    if (filter.link !== undefined && link.index !== filter.link) continue;
    for (;;) {
      const [row] = addresses(call, filter, link);
      if (!row) break;
      talk(removeAddress(call.ns, link, row));
      count++;
    }
  }
  if (call.options.stats > 0) {
    if (count === 0) call.printer.text("Nothing to flush.\n");
    else call.printer.text(`\n*** Round 1, deleting ${count} addresses ***\n*** Flush is complete after 1 round ***\n`);
  }
  return 0;
}
