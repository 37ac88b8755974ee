import {
  addressText,
  compareAddresses,
  contains,
  isIPv4,
  mask,
  networkOf,
  parseAddress,
  parsePrefix,
  type Address,
  type Prefix,
} from "../../../../net/index.ts";
import { CniError } from "../cni-error.ts";
import type { GoFields } from "../go-fields.ts";

/** Addresses of a subnet that may be given out, from first to last (host-local backend/allocator/range.go). */
export interface Range {
  readonly subnet: Prefix;
  readonly gateway: Address;
  readonly start: Address;
  readonly end: Address;
}

/** Ranges of one address family: each container gets one address from all of them together. */
export type RangeSet = readonly Range[];

export function nextAddress(value: Address): Address {
  return isIPv4(value) ? (value + 1) | 0 : value + 1n;
}

/** Completes a range: gateway `.1`, from the first address to the last before the broadcast. */
export function readRange(fields: GoFields): Range {
  const text = fields.text("subnet");
  const subnet = readSubnet(text);
  if (!subnet) throw new CniError("IP <nil> not v4 nor v6");
  const { address: base, length } = subnet;
  const width = isIPv4(base) ? 32 : 128;
  if (length > width - 2) throw new CniError(`Network ${text} too small to allocate from`);
  const network = networkOf(base, length);
  if (network !== base)
    throw new CniError(
      `Network has host bits set. For a subnet mask of length ${length} the network address is ${addressText(network)}`,
    );
  const gateway = readAddress(fields, "gateway") ?? nextAddress(base);
  if (!contains(subnet, gateway)) throw new CniError(`gateway ${addressText(gateway)} not in network ${text}`);
  const range: Range = { subnet, gateway, start: network, end: lastOf(subnet) };
  const start = readAddress(fields, "rangeStart");
  if (start !== undefined) mustHold(range, start);
  const from = { ...range, start: start ?? nextAddress(base) };
  const end = readAddress(fields, "rangeEnd");
  if (end !== undefined) mustHold({ ...from, end: broadest(subnet) }, end);
  return { ...from, end: end ?? range.end };
}

/** What is no address at all is refused when the configuration is read, before any range is looked at. */
export function refuseUnreadable(fields: GoFields): void {
  readSubnet(fields.text("subnet"));
  for (const name of ["rangeStart", "rangeEnd", "gateway"]) readAddress(fields, name);
}

function readSubnet(text: string): Prefix | undefined {
  if (text === "") return undefined;
  const subnet = text.includes("/") ? parsePrefix(text) : undefined;
  if (!subnet) throw new CniError(`invalid CIDR address: ${text}`);
  return subnet;
}

function readAddress(fields: GoFields, name: string): Address | undefined {
  const text = fields.text(name);
  if (text === "") return undefined;
  const value = parseAddress(text);
  if (value === undefined) throw new CniError(`invalid IP address: ${text}`);
  return value;
}

/** The last address before the broadcast; of IPv6 the last. */
function lastOf(subnet: Prefix): Address {
  const last = broadest(subnet);
  return isIPv4(last) ? (last - 1) | 0 : last;
}

function broadest({ address, length }: Prefix): Address {
  return isIPv4(address) ? address | ~mask(length) : address | ((1n << BigInt(128 - length)) - 1n);
}

function mustHold(range: Range, value: Address): void {
  const problem = outside(range, value);
  if (problem !== undefined) throw new CniError(problem);
}

/** Why an address is not in a range (IPInRange). */
function outside({ subnet, start, end }: Range, value: Address): string | undefined {
  const [text, network] = [addressText(value), `${addressText(subnet.address)}/${subnet.length}`];
  if (isIPv4(value) !== isIPv4(subnet.address)) return `IP ${text} is not the same protocol as subnet ${network}`;
  if (!contains(subnet, value)) return `${text} not in network ${network}`;
  if (compareAddresses(value, start) < 0)
    return `${text} is in network ${network} but before start ${addressText(start)}`;
  if (compareAddresses(value, end) > 0) return `${text} is in network ${network} but after end ${addressText(end)}`;
  return undefined;
}

export function rangeFor(set: RangeSet, value: Address): Range | undefined {
  return set.find((range) => outside(range, value) === undefined);
}

export function rangeText({ start, end }: Range): string {
  return `${addressText(start)}-${addressText(end)}`;
}

export function rangeSetText(set: RangeSet): string {
  return set.map(rangeText).join(",");
}

function overlap(a: Range, b: Range): boolean {
  return (
    [b.start, b.end].some((value) => outside(a, value) === undefined) ||
    [a.start, a.end].some((value) => outside(b, value) === undefined)
  );
}

export function setsOverlap(a: RangeSet, b: RangeSet): boolean {
  return a.some((one) => b.some((other) => overlap(one, other)));
}

/** Completes the ranges of a set (range_set.go Canonicalize). */
export function readRangeSet(ranges: readonly GoFields[]): RangeSet {
  if (ranges.length === 0) throw new CniError("empty range set");
  const set = ranges.map(readRange);
  if (set.some(({ start }) => isIPv4(start) !== isIPv4(set[0]!.start))) throw new CniError("mixed address families");
  for (const [at, one] of set.entries())
    for (const other of set.slice(at + 1))
      if (overlap(one, other)) throw new CniError(`subnets ${rangeText(one)} and ${rangeText(other)} overlap`);
  return set;
}
