import { addressText, type Address } from "../../../../net/index.ts";
import { CniError } from "../cni-error.ts";
import type { CniAddress } from "../result.ts";
import { nextAddress, rangeFor, rangeSetText, type Range, type RangeSet } from "./range.ts";
import type { Holder, Store } from "./store.ts";

/** Gives a container an address of a range set: the one asked for, or the next in turn (backend/allocator/allocator.go). */
export function allocate(
  store: Store,
  set: RangeSet,
  number: number,
  holder: Holder,
  requested: Address | undefined,
): CniAddress {
  if (requested !== undefined) return reserveRequested(store, set, number, holder, requested);
  const held = store.addressesOf(holder).find((value) => rangeFor(set, value));
  if (held !== undefined)
    throw new CniError(
      `${addressText(held)} has been allocated to ${holder.containerId}, duplicate allocation is not allowed`,
    );
  for (const [value, range] of inTurn(set, store.lastReserved(number)))
    if (store.reserve(holder, value, number)) return given(value, range);
  throw new CniError(`no IP addresses available in range set: ${rangeSetText(set)}`);
}

function reserveRequested(store: Store, set: RangeSet, number: number, holder: Holder, value: Address): CniAddress {
  const text = addressText(value);
  const range = rangeFor(set, value);
  if (!range) throw new CniError(`${text} not in range set ${rangeSetText(set)}`);
  if (value === range.gateway) throw new CniError(`requested ip ${text} is subnet's gateway`);
  if (!store.reserve(holder, value, number))
    throw new CniError(`requested IP address ${text} is not available in range set ${rangeSetText(set)}`);
  return given(value, range);
}

function given(value: Address, { subnet, gateway }: Range): CniAddress {
  return { address: `${addressText(value)}/${subnet.length}`, gateway: addressText(gateway) };
}

/**
 * All addresses but the gateways, once round, beginning behind the one that was given out last: a container that crashes again
 * and again does not get the same one soon.
 */
function* inTurn(set: RangeSet, last: Address | undefined): Generator<[Address, Range]> {
  let at = last === undefined ? -1 : set.findIndex((range) => rangeFor([range], last));
  let current: Address | undefined;
  let first: Address | undefined;
  if (at >= 0) current = last;
  else {
    at = 0;
    current = first = set[0]!.start;
    if (current !== set[0]!.gateway) yield [current, set[0]!];
  }
  for (;;) {
    if (current === set[at]!.end) {
      at = (at + 1) % set.length;
      current = set[at]!.start;
    } else current = nextAddress(current!);
    if (first === undefined) first = current;
    else if (current === first) return;
    if (current !== set[at]!.gateway) yield [current, set[at]!];
  }
}
