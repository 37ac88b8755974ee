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
  if (matches(verb, "test")) throw notSimulated("ip", "route test");
  if (matches(verb, "delete")) return deleteOne(call, rest);
  if (matches(verb, "flush")) return flushMatching(call, rest);
  for (const other of ["save", "restore", "showdump"])
    if (matches(verb, other)) throw notSimulated("ip", `route ${other}`);
  if (matches(verb, "help")) throw new Exit(255, ROUTE_USAGE);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip route help".\n`);
}
