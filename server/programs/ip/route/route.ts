import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
import { ROUTE_USAGE } from "../usage/route.ts";
import { matches } from "../words.ts";
import { findRoute } from "./get.ts";
import { flushMatching } from "./flush.ts";
import { listMatching } from "./list.ts";
import { deleteOne, putRoute } from "./modify.ts";

/** `ip route` (ip/iproute.c: do_iproute). */
export async function route(call: IpCall, words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words;
  if (verb === undefined) return listMatching(call, []);
  if (matches(verb, "list") || matches(verb, "show") || matches(verb, "lst")) return listMatching(call, rest);
  if (matches(verb, "get")) return findRoute(call, rest);
  if (matches(verb, "add")) return putRoute(call, rest, "add");
  if (matches(verb, "change") || verb === "chg") return putRoute(call, rest, "change");
  if (matches(verb, "replace")) return putRoute(call, rest, "replace");
  if (matches(verb, "prepend")) return putRoute(call, rest, "prepend");
  if (matches(verb, "append")) return putRoute(call, rest, "append");
  if (matches(verb, "test")) return putRoute(call, rest, "test");
  if (matches(verb, "delete")) return deleteOne(call, rest);
  if (matches(verb, "flush")) return flushMatching(call, rest);
  if (matches(verb, "save")) return save(call);
  for (const other of ["restore", "showdump"]) if (matches(verb, other)) return restore(call, other);
  if (matches(verb, "help")) throw new Exit(255, ROUTE_USAGE);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip route help".\n`);
}

/** Messages of netlink in a file are not simulated; that none goes to a terminal is (save_route_prep). */
function save({ process }: IpCall): never {
  if (process.isTty(1)) throw new Exit(1, "Not sending a binary stream to stdout\n");
  throw notSimulated("ip", "route save");
}

/** iproute_restore: the file begins with a number of its own. */
async function restore({ process }: IpCall, verb: string): Promise<never> {
  if (process.isTty(0)) throw new Exit(1, `Can't ${verb === "restore" ? "restore" : "dump"} from a terminal\n`);
  if ((await process.read(0)) === "") throw new Exit(1, "Magic mismatch (0 elems, 0 magic)\n");
  throw notSimulated("ip", `route ${verb}`);
}
