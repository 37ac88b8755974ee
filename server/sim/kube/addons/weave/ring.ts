import { addressText, ipv4, parsePrefix } from "../../../net/index.ts";

/** Addresses from `start` to below `end`, as numbers. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a peer keeps of address management: its parts of the range, and who has which address of them. */
export interface Space {
  readonly ranges: readonly Range[];
  /** By container, or `weave:expose`. */
  readonly allocations: Readonly<Record<string, string>>;
}

export const NOTHING: Space = { ranges: [], allocations: {} };

export function universe(cidr: string): Range {
  const { address, length } = parsePrefix(cidr)!;
  const start = (address as number) >>> 0;
  return { start, end: start + 2 ** (32 - length) };
}

/** The range in as many parts as peers agreed on it (ipam/ring ClaimForPeers): the first ones get what is left over. */
export function divide({ start, end }: Range, parts: number): Range[] {
  const size = Math.floor((end - start) / parts);
  let left = (end - start) % parts;
  let at = start;
  return Array.from({ length: parts }, () => {
    const next = at + size + (left-- > 0 ? 1 : 0);
    const range = { start: at, end: next };
    at = next;
    return range;
  });
}

/** The lowest free address (ipam/space Allocate). The first and the last one of all are nobody's. */
export function allocate(
  space: Space,
  id: string,
  all: Range,
): { readonly space: Space; readonly address: string } | undefined {
  const known = space.allocations[id];
  if (known !== undefined) return { space, address: known };
  const taken = new Set(Object.values(space.allocations).map(number));
  for (const { start, end } of space.ranges)
    for (let at = Math.max(start, all.start + 1); at < Math.min(end, all.end - 1); at++) {
      if (taken.has(at)) continue;
      const address = addressText(at >>> 0);
      return { space: { ...space, allocations: { ...space.allocations, [id]: address } }, address };
    }
  return undefined;
}

export function release(space: Space, id: string): Space {
  const { [id]: _, ...allocations } = space.allocations;
  return { ...space, allocations };
}

/** Gives the upper half of the biggest free block away (ipam/space Donate); blocks are what a prefix can say. */
export function donate(space: Space): { readonly space: Space; readonly donated: Range } | undefined {
  const biggest = freeRanges(space)
    .map(biggestBlock)
    .reduce<Range | undefined>((best, one) => (best === undefined || size(one) > size(best) ? one : best), undefined);
  if (!biggest || size(biggest) < 1) return undefined;
  const donated = { start: biggest.start + Math.floor(size(biggest) / 2), end: biggest.end };
  return { space: { ...space, ranges: space.ranges.flatMap((range) => without(range, donated)) }, donated };
}

export function freeCount(space: Space): number {
  return freeRanges(space).reduce((sum, range) => sum + size(range), 0);
}

/** Ranges as prefixes: what is written into the set of local nets. */
export function prefixes({ start, end }: Range): string[] {
  const found: string[] = [];
  for (let at = start; at < end;) {
    let length = 32;
    while (length > 0 && at % 2 ** (33 - length) === 0 && at + 2 ** (33 - length) <= end) length--;
    found.push(`${addressText(at >>> 0)}/${length}`);
    at += 2 ** (32 - length);
  }
  return found;
}

function freeRanges({ ranges, allocations }: Space): Range[] {
  const taken = Object.values(allocations)
    .map(number)
    .sort((a, b) => a - b);
  return ranges.flatMap((range) => {
    const free: Range[] = [];
    let at = range.start;
    for (const address of taken) {
      if (address < range.start || address >= range.end) continue;
      if (address > at) free.push({ start: at, end: address });
      at = address + 1;
    }
    return at < range.end ? [...free, { start: at, end: range.end }] : free;
  });
}

function biggestBlock(range: Range): Range {
  let best: Range = { start: range.start, end: range.start };
  for (const prefix of prefixes(range)) {
    const block = universe(prefix);
    if (size(block) > size(best)) best = block;
  }
  return best;
}

function without({ start, end }: Range, gone: Range): Range[] {
  if (gone.end <= start || gone.start >= end) return [{ start, end }];
  return [
    ...(gone.start > start ? [{ start, end: gone.start }] : []),
    ...(gone.end < end ? [{ start: gone.end, end }] : []),
  ];
}

function size({ start, end }: Range): number {
  return end - start;
}

function number(address: string): number {
  return ipv4(address) >>> 0;
}
