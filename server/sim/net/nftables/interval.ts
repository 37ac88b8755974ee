import { addressText, parseAddress } from "../ip.ts";
import { dataType, primitive, valueOf } from "./data-type.ts";
import type { ElementRow, Right, Value } from "./row.ts";

/** From the first to the last value, both inclusive. */
export interface Interval {
  readonly low: bigint;
  readonly high: bigint;
}

const NUMERIC = (value: Value, type: string): bigint => {
  const found = primitive(value, type);
  return typeof found === "string" ? 0n : BigInt(found);
};

/** The values that a part of a key fits; undefined for names, which have no order. */
export function intervalOf(right: Right, type: string): Interval | undefined {
  const width = BigInt(dataType(type)!.bits);
  switch (right.kind) {
    case "value":
      return type === "ifname" ? undefined : single(NUMERIC(right.value, type));
    case "bits":
      return single(BigInt(right.value));
    case "range":
      return { low: NUMERIC(right.from, type), high: NUMERIC(right.to, type) };
    case "prefix": {
      const low = NUMERIC(right.value, type);
      return { low, high: low + (1n << (width - BigInt(right.length))) - 1n };
    }
    default:
      return undefined;
  }
}

function single(value: bigint): Interval {
  return { low: value, high: value };
}

/** An interval as nft shows it: a value, a prefix where its type has them, or a range. */
export function rightOfInterval({ low, high }: Interval, type: string): Right {
  const back = (value: bigint): Value => {
    if (type === "ipv6_addr") return addressText(value);
    return valueOf(Number(value), type);
  };
  if (low === high) return { kind: "value", value: back(low) };
  const count = high - low + 1n;
  const aligned = (count & (count - 1n)) === 0n && low % count === 0n;
  const prefixed = type === "ipv4_addr" || type === "ipv6_addr";
  if (aligned && prefixed)
    return { kind: "prefix", value: back(low), length: dataType(type)!.bits - (count.toString(2).length - 1) };
  return { kind: "range", from: back(low), to: back(high) };
}

/** Elements of one part in order; overlapping and touching ones become one where `merge` says so. */
export function sortIntervals(elements: readonly ElementRow[], type: string, merge: boolean): ElementRow[] {
  const placed: { interval: Interval; element: ElementRow }[] = [];
  const others: ElementRow[] = [];
  for (const element of elements) {
    const interval = intervalOf(element.key[0]!, type);
    if (interval) placed.push({ interval, element });
    else others.push(element);
  }
  placed.sort((a, b) => (a.interval.low < b.interval.low ? -1 : a.interval.low > b.interval.low ? 1 : 0));
  const out: { interval: Interval; element: ElementRow }[] = [];
  for (const one of placed) {
    const last = out.at(-1);
    if (merge && last && one.interval.low <= last.interval.high + 1n) {
      const high = one.interval.high > last.interval.high ? one.interval.high : last.interval.high;
      last.interval = { low: last.interval.low, high };
    } else out.push({ ...one });
  }
  return [...out.map(({ interval, element }) => ({ ...element, key: [rightOfInterval(interval, type)] })), ...others];
}

/** Two of the elements that share a value, if any do. */
export function overlap(elements: readonly ElementRow[], type: string): readonly [ElementRow, ElementRow] | undefined {
  const placed = elements.flatMap((element) => {
    const interval = intervalOf(element.key[0]!, type);
    return interval ? [{ interval, element }] : [];
  });
  placed.sort((a, b) => (a.interval.low < b.interval.low ? -1 : a.interval.low > b.interval.low ? 1 : 0));
  for (let at = 1; at < placed.length; at++) {
    const [before, one] = [placed[at - 1]!, placed[at]!];
    const same = one.interval.low === before.interval.low && one.interval.high === before.interval.high;
    if (one.interval.low <= before.interval.high && !same) return [before.element, one.element];
  }
  return undefined;
}

/** Where an element stands in a listing: nft compares values of one part as numbers, names and concatenations from their last byte. */
export function sortKey(element: ElementRow, types: readonly string[]): string {
  if (types.length === 1 && types[0] !== "ifname") {
    const interval = intervalOf(element.key[0]!, types[0]!);
    return interval ? interval.low.toString(16).padStart(33, "0") : "~";
  }
  const bytes = element.key.map((part, at) => partBytes(part, types[at]!, types.length > 1)).join("");
  return (bytes.match(/../g) ?? []).reverse().join("");
}

/** Bytes of a part as hexadecimal digits, filled up to a register's four where there are more parts. */
function partBytes(right: Right, type: string, padded: boolean): string {
  const value = right.kind === "range" ? right.from : right.kind === "wildcard" ? right.start : "value" in right ? right.value : 0; // prettier-ignore
  if (type === "ifname") {
    const letters = [...String(value)].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0"));
    return letters.join("").padEnd(32, "0");
  }
  const { bits } = dataType(type)!;
  const digits = Math.max(2, bits / 4);
  const number = typeof value === "string" ? parseAddress(value) : value;
  const plain = typeof number === "number" ? BigInt(number >>> 0) : (number ?? macNumber(String(value)));
  const text = plain.toString(16).padStart(digits, "0");
  const ordered = HOST_ORDER.has(type) ? (text.match(/../g) ?? []).reverse().join("") : text;
  return padded ? ordered.padEnd(Math.ceil(digits / 8) * 8, "0") : ordered;
}

/** Types that the kernel keeps as numbers of the machine. */
const HOST_ORDER: ReadonlySet<string> = new Set(["mark", "iface_index", "uid", "gid", "ct_state", "ct_status", "fib_addrtype", "integer"]); // prettier-ignore

function macNumber(text: string): bigint {
  return BigInt(`0x${text.replaceAll(":", "") || "0"}`);
}
