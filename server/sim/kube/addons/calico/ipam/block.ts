import { addressText, ipv4, parsePrefix } from "../../../../net/index.ts";
import type { BlockAttribute, BlockSpec } from "../resources.ts";

/** An empty block that belongs to a node (libcalico-go lib/ipam newBlock). `sequence` must be another one for each block of the same addresses. */
export function newBlock(cidr: string, node: string, sequence: number): BlockSpec {
  const size = sizeOf(cidr);
  return {
    affinity: `host:${node}`,
    allocations: Array.from({ length: size }, () => null),
    attributes: [],
    cidr,
    deleted: false,
    sequenceNumber: sequence,
    sequenceNumberForAllocation: {},
    strictAffinity: false,
    unallocated: Array.from({ length: size }, (_, ordinal) => ordinal),
  };
}

export function sizeOf(cidr: string): number {
  return 2 ** (32 - parsePrefix(cidr)!.length);
}

/** Gives the address that has been free the longest to a handle; undefined if none is free. */
export function takeAny(
  block: BlockSpec,
  attribute: BlockAttribute,
): { readonly block: BlockSpec; readonly address: string } | undefined {
  const [ordinal] = block.unallocated;
  return ordinal === undefined
    ? undefined
    : { block: take(block, ordinal, attribute), address: addressAt(block, ordinal) };
}

/** Gives one address to a handle; undefined if it is taken or none of this block's. */
export function takeAddress(block: BlockSpec, address: string, attribute: BlockAttribute): BlockSpec | undefined {
  const ordinal = ordinalOf(block, address);
  return block.unallocated.includes(ordinal) ? take(block, ordinal, attribute) : undefined;
}

function take(block: BlockSpec, ordinal: number, attribute: BlockAttribute): BlockSpec {
  return {
    ...block,
    allocations: block.allocations.with(ordinal, block.attributes.length),
    attributes: [...block.attributes, attribute],
    unallocated: block.unallocated.filter((one) => one !== ordinal),
    sequenceNumber: block.sequenceNumber + 1,
    sequenceNumberForAllocation: { ...block.sequenceNumberForAllocation, [ordinal]: block.sequenceNumber },
  };
}

/** Takes back what a handle has; how many addresses that were. */
export function releaseHandle(block: BlockSpec, handle: string): { readonly block: BlockSpec; readonly count: number } {
  const gone = new Set(block.attributes.flatMap(({ handle_id }, index) => (handle_id === handle ? [index] : [])));
  if (gone.size === 0) return { block, count: 0 };
  const freed = block.allocations.flatMap((index, ordinal) => (index !== null && gone.has(index) ? [ordinal] : []));
  const kept = block.attributes
    .map((attribute, index) => ({ attribute, index }))
    .filter(({ index }) => !gone.has(index));
  const place = new Map(kept.map(({ index }, at) => [index, at]));
  return {
    count: freed.length,
    block: {
      ...block,
      allocations: block.allocations.map((index) => (index === null ? null : (place.get(index) ?? null))),
      attributes: kept.map(({ attribute }) => attribute),
      unallocated: [...block.unallocated, ...freed],
      sequenceNumber: block.sequenceNumber + 1,
      sequenceNumberForAllocation: Object.fromEntries(
        Object.entries(block.sequenceNumberForAllocation).filter(([ordinal]) => !freed.includes(Number(ordinal))),
      ),
    },
  };
}

/** The addresses of a block that are given to a handle. */
export function addressesOf(block: BlockSpec, handle: string): string[] {
  return block.allocations.flatMap((index, ordinal) =>
    index !== null && block.attributes[index]?.handle_id === handle ? [addressAt(block, ordinal)] : [],
  );
}

export function isEmpty(block: BlockSpec): boolean {
  return block.attributes.length === 0;
}

function addressAt({ cidr }: BlockSpec, ordinal: number): string {
  return addressText((parsePrefix(cidr)!.address as number) + ordinal);
}

function ordinalOf({ cidr }: BlockSpec, address: string): number {
  return ipv4(address) - (parsePrefix(cidr)!.address as number);
}
