import type { RouteType } from "../../../sim/net/index.ts";
import { notSimulated } from "../exit.ts";

const TYPES: readonly RouteType[] = [
  "local", "broadcast", "unicast", "multicast", "anycast", "throw", "unreachable", "blackhole", "prohibit",
]; // prettier-ignore

/** The type of a route by its name, which is not abbreviated (ip/rtm_map.c: rtnl_rtntype_a2n). */
export function readType(word: string): RouteType | undefined {
  if (word === "nat" || word === "xresolve") throw notSimulated("ip", word);
  return TYPES.find((type) => type === word);
}
