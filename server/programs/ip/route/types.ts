import type { RouteType } from "../../../sim/net/index.ts";
import { matches } from "../words.ts";

/** In the kernel's order, which -N shows. */
const TYPES: readonly RouteType[] = [
  "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve",
]; // prettier-ignore

/** In the order in which beginnings are tried. */
const ABBREVIATED: readonly RouteType[] = [
  "broadcast", "anycast", "multicast", "prohibit", "unreachable", "blackhole", "xresolve", "unicast",
]; // prettier-ignore

/** The type of a route by its name or number (ip/rtm_map.c: rtnl_rtntype_a2n). */
export function readType(word: string): RouteType | undefined {
  if (word === "local" || word === "nat" || word === "throw") return word;
  if (word === "brd") return "broadcast";
  const named = word === "" ? undefined : ABBREVIATED.find((type) => matches(word, type));
  return named ?? (/^\d+$/.test(word) ? TYPES[Number(word) - 1] : undefined);
}

export function typeNumber(type: RouteType): number {
  return TYPES.indexOf(type) + 1;
}
