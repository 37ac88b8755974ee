import type { Time } from "../../kernel/index.ts";

/** What an element of a set is made of, in its order. */
export type Part = "ip" | "net" | "port" | "mac" | "mark" | "iface" | "set";

/** A type of set as `ipset create` names it (kernel/net/netfilter/ipset). */
export interface SetType {
  readonly name: string;
  readonly method: "hash" | "bitmap" | "list";
  readonly parts: readonly Part[];
  readonly revision: number;
  /** Bytes of the kernel's own structures, and of an element without extensions, for IPv4 and IPv6. */
  readonly base: readonly [number, number];
  readonly element: readonly [number, number];
  readonly aliases: readonly string[];
}

function type(
  name: string,
  revision: number,
  base: readonly [number, number],
  element: readonly [number, number],
  ...aliases: string[]
): SetType {
  const [method, parts] = name.split(":") as [SetType["method"], string];
  return { name, method, parts: parts.split(",") as Part[], revision, base, element, aliases };
}

/** Revisions as Linux 6.18 has them; sizes as `ipset list` shows them there. */
export const SET_TYPES: readonly SetType[] = [
  type("hash:ip", 6, [216, 224], [4, 16], "iphash"),
  type("hash:mac", 1, [192, 192], [8, 8]),
  type("hash:ip,mac", 1, [200, 216], [12, 24]),
  type("hash:ip,mark", 3, [208, 224], [8, 20]),
  type("hash:ip,port", 7, [216, 232], [8, 20], "ipporthash"),
  type("hash:ip,port,ip", 6, [208, 232], [12, 36], "ipportiphash"),
  type("hash:ip,port,net", 8, [464, 1256], [12, 40], "ipportnethash"),
  type("hash:net", 7, [456, 1240], [8, 20], "nethash"),
  type("hash:net,port", 8, [456, 1240], [8, 20], "netporthash"),
  type("hash:net,iface", 8, [488, 1264], [28, 40], "netifacehash"),
  type("hash:net,net", 4, [720, 2288], [16, 40]),
  type("hash:net,port,net", 3, [720, 2296], [20, 44]),
  type("bitmap:ip", 3, [88, 88], [0, 0], "ipmap"),
  type("bitmap:ip,mac", 3, [80, 80], [8, 8], "macipmap"),
  type("bitmap:port", 3, [72, 72], [0, 0], "portmap"),
  type("list:set", 3, [80, 80], [48, 48], "setlist"),
];

export function setType(name: string): SetType | undefined {
  return SET_TYPES.find((one) => one.name === name || one.aliases.includes(name));
}

/** One set, without its elements. */
export interface SetRow {
  /** Its elements are kept under this number, so that sets may swap their names. */
  readonly id: number;
  /** Its place in the kernel's list, which its name keeps when sets are swapped. */
  readonly slot: number;
  readonly type: string;
  /** Hash types whose elements hold addresses, and `list:set`'s members have their own. */
  readonly family: "inet" | "inet6";
  readonly hashsize: number;
  readonly maxelem: number;
  readonly bucketsize: number;
  /** The seed of the hash, as the kernel draws it. */
  readonly initval: number;
  readonly netmask?: number;
  readonly markmask?: number;
  /** bitmap types: first and last element, as text. */
  readonly range?: readonly [string, string];
  /** list:set. */
  readonly size?: number;
  /** Seconds that an element lives if nothing else is said; 0 for ever. Without it elements have no lifetime. */
  readonly timeout?: number;
  readonly counters?: true;
  readonly comment?: true;
  readonly forceadd?: true;
}

/** One element; its key is its text as `ipset list` prints it. */
export interface ElementRow {
  /** Undefined for ever. */
  readonly expires?: Time;
  readonly nomatch?: true;
  readonly comment?: string;
}
