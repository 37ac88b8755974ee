import { addressText, networkOf, parseAddress, type Address } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { protocolName } from "../netfilter/protocols.ts";
import { isIcmp, type Packet } from "../walk/packet.ts";
import { icmpText, networkText } from "./element.ts";
import { setType, type ElementRow, type SetRow } from "./row.ts";
import { elementCounters, elementsOf, findElement, setsOf } from "./sets.ts";

/** Which end of a packet each part of an element is compared with. */
export type Side = "src" | "dst";

export interface Links {
  readonly in: LinkRow | undefined;
  readonly out: LinkRow | undefined;
}

interface Found {
  readonly set: SetRow;
  readonly key: string;
  readonly element: ElementRow;
}

/** Whether a packet's ends are in a set (ip_set_test). `nomatch`: asks for the elements that are kept as exceptions. */
export function setHolds(
  ns: Namespace,
  name: string,
  sides: readonly Side[],
  packet: Packet,
  links: Links,
  wish: { readonly nomatch?: boolean; readonly count?: boolean } = {},
): boolean {
  const set = setsOf(ns).get(name);
  const found = set && find(ns, set, sides, packet, links);
  if (!found || (found.element.nomatch ?? false) !== (wish.nomatch ?? false)) return false;
  if (found.set.counters && wish.count !== false) {
    const counters = elementCounters(ns, found.set);
    const { packets = 0, bytes = 0 } = counters.get(found.key) ?? {};
    counters.set(found.key, { packets: packets + packet.segments, bytes: bytes + packet.bytes });
  }
  return true;
}

function find(ns: Namespace, set: SetRow, sides: readonly Side[], packet: Packet, links: Links): Found | undefined {
  if (set.type === "list:set") {
    for (const name of elementsOf(ns, set).keys()) {
      const member = setsOf(ns).get(name);
      const found = member && findElement(ns, set, name) && find(ns, member, sides, packet, links);
      if (found && !found.element.nomatch) return found;
    }
    return undefined;
  }
  for (const key of candidates(ns, set, sides, packet, links, "most")) {
    const element = findElement(ns, set, key);
    if (element) return { set, key, element };
  }
  return undefined;
}

/** The element that `-j SET` adds for a packet; undefined where the packet has not what the set asks for. */
export function elementFor(
  ns: Namespace,
  set: SetRow,
  sides: readonly Side[],
  packet: Packet,
  links: Links,
): string | undefined {
  return candidates(ns, set, sides, packet, links, "host")[0];
}

/** Texts of the elements that hold a packet's ends, the narrowest network first. */
function candidates(
  ns: Namespace,
  set: SetRow,
  sides: readonly Side[],
  packet: Packet,
  links: Links,
  networks: "most" | "host",
): string[] {
  const { parts, method } = setType(set.type)!;
  if (sides.length < parts.length) return [];
  let keys = [""];
  for (const [at, part] of parts.entries()) {
    const side = sides[at]!;
    const address = side === "src" ? packet.src : packet.dst;
    if ((part === "ip" || part === "net") && (typeof address === "number") !== (set.family === "inet")) return [];
    let values: readonly (string | undefined)[];
    switch (part) {
      case "ip":
        values = [addressText(set.netmask === undefined ? address : networkOf(address, set.netmask))];
        break;
      case "net":
        values = networks === "host" ? [addressText(address)] : covering(ns, set, at, address);
        break;
      case "port":
        values = [portText(packet, side, method === "bitmap")];
        break;
      case "mac":
        values = [(side === "src" ? packet.srcMac : packet.dstMac).toUpperCase()];
        break;
      case "mark":
        values = [`0x${((packet.mark & (set.markmask ?? -1)) >>> 0).toString(16).padStart(8, "0")}`];
        break;
      default:
        values = [(side === "src" ? links.in : links.out)?.name];
    }
    const next: string[] = [];
    for (const key of keys)
      for (const value of values) if (value !== undefined) next.push(at === 0 ? value : `${key},${value}`);
    keys = next;
  }
  return keys;
}

/** The networks around an address, of the lengths that the set has at this place. */
function covering(ns: Namespace, set: SetRow, at: number, address: Address): string[] {
  return lengthsOf(ns, set, at).map((length) => networkText(networkOf(address, length), length));
}

const lengths = new WeakMap<object, { version: number; byPart: Map<number, readonly number[]> }>();

function lengthsOf(ns: Namespace, set: SetRow, at: number): readonly number[] {
  const elements = elementsOf(ns, set);
  let known = lengths.get(elements);
  if (!known || known.version !== elements.version)
    lengths.set(elements, (known = { version: elements.version, byPart: new Map() }));
  let list = known.byPart.get(at);
  if (!list) {
    const found = new Set<number>();
    for (const key of elements.keys()) {
      const text = key.split(",")[at]!;
      const slash = text.indexOf("/");
      found.add(slash < 0 ? (text.includes(":") ? 128 : 32) : Number(text.slice(slash + 1)));
    }
    known.byPart.set(at, (list = [...found].sort((a, b) => b - a)));
  }
  return list;
}

/** `tcp:80`; a bitmap of ports takes TCP and UDP alike. */
function portText(packet: Packet, side: Side, bitmap: boolean): string | undefined {
  const { protocol } = packet;
  if (isIcmp(packet)) return bitmap ? undefined : icmpText(protocol, packet.icmpType, packet.icmpCode);
  const name = protocolName(protocol) ?? String(protocol);
  if (protocol !== 6 && protocol !== 17 && protocol !== 132 && protocol !== 136)
    return bitmap ? undefined : `${name}:0`;
  const port = side === "src" ? packet.sport : packet.dport;
  return bitmap ? String(port) : `${name}:${port}`;
}

/** `ipset test`: the element itself, or a network around its address; 'exception' where that is a `nomatch`. */
export function testElement(ns: Namespace, set: SetRow, key: string): boolean {
  const own = findElement(ns, set, key);
  if (own) return !own.nomatch;
  const { parts } = setType(set.type)!;
  const words = key.split(",");
  let keys = [""];
  for (const [at, part] of parts.entries()) {
    const word = words[at]!;
    const value = part === "net" && !word.includes("/") ? parseAddress(word) : undefined;
    const values = value === undefined ? [word] : covering(ns, set, at, value);
    keys = keys.flatMap((one) => values.map((next) => (at === 0 ? next : `${one},${next}`)));
  }
  for (const one of keys) {
    const element = findElement(ns, set, one);
    if (element) return !element.nomatch;
  }
  return false;
}
