import { formatQuantity, parseQuantity, type Quantity } from "../quantity.ts";
import type { ResourceList } from "../types/limits.ts";

/** Amounts of resources as one counts with them. */
export type Amounts = ReadonlyMap<string, Quantity>;

const ZERO: Quantity = { nanos: 0n, format: "DecimalSI" };

export function amountsOf(list: ResourceList = {}): Map<string, Quantity> {
  const result = new Map<string, Quantity>();
  for (const name in list) {
    const quantity = parseQuantity(list[name]!);
    result.set(name, typeof quantity === "string" ? ZERO : quantity);
  }
  return result;
}

export function pieces(count: number): Quantity {
  return { nanos: BigInt(count) * 1_000_000_000n, format: "DecimalSI" };
}

/** Sums keep the form of what was there first, unless that was nothing (Quantity.Add). */
export function add(to: Map<string, Quantity>, more: Amounts): void {
  for (const [name, quantity] of more) {
    const before = to.get(name);
    const format = !before || before.nanos === 0n ? quantity.format : before.format;
    to.set(name, { nanos: (before?.nanos ?? 0n) + quantity.nanos, format });
  }
}

export function raise(to: Map<string, Quantity>, more: Amounts): void {
  for (const [name, quantity] of more) {
    const before = to.get(name);
    if (!before || quantity.nanos > before.nanos) to.set(name, quantity);
  }
}

/** Those of some names. */
export function only(amounts: Amounts, names: readonly string[]): Map<string, Quantity> {
  return new Map([...amounts].filter(([name]) => names.includes(name)));
}

export function listOf(amounts: Amounts): ResourceList {
  const entries = [...amounts].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, quantity]) => [name, formatQuantity(quantity)]));
}

/** `cpu=1,pods=2`, by name. */
export function amountsText(amounts: Amounts): string {
  return Object.entries(listOf(amounts))
    .map(([name, text]) => `${name}=${text}`)
    .join(",");
}
