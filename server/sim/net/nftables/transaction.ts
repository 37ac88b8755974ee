import { mergeElements, removeElements, type ElementDraft } from "./elements.ts";
import { ChainTransaction, type Target } from "./chain-transaction.ts";
import { KernelError } from "./kernel-error.ts";
import { usesSet } from "./references.ts";
import type { CounterRow, SetRow } from "./row.ts";

/** The same with sets, maps and counters: all that one run of nft changes. */
export class Transaction extends ChainTransaction {
  addSet(target: Target, draft: Omit<SetRow, "handle" | "id" | keyof Target>, create: boolean): void {
    const key = this.keyOf(target);
    const known = this.sets.get(key);
    if (known) {
      if (create) throw new KernelError("EEXIST", "name");
      if (known.kind !== draft.kind || known.key.join(".") !== draft.key.join(".")) throw new KernelError("EEXIST", "name"); // prettier-ignore
      return;
    }
    const handle = this.nextHandle(`${target.family} ${target.table}`);
    this.sets.set(key, { ...target, ...draft, handle, id: this.nextNumber("id") });
  }

  set(target: Target): SetRow {
    const row = this.sets.get(this.keyOf(target));
    if (!row) throw new KernelError("ENOENT", "name");
    return row;
  }

  deleteSet(target: Target, kind: "set" | "map"): void {
    const row = this.set(target);
    if (row.kind !== kind && kind === "map") throw new KernelError("ENOENT", "name");
    for (const chain of this.chains.values())
      if (chain.family === target.family && chain.table === target.table)
        if (chain.rules.some(({ statements }) => usesSet(statements, target.name))) throw new KernelError("EBUSY", "name"); // prettier-ignore
    this.sets.delete(this.keyOf(target));
  }

  addElements(target: Target, elements: readonly ElementDraft[], create: boolean): void {
    const row = this.set(target);
    for (const [at, { data }] of elements.entries())
      if (data && "chain" in data && !this.chains.get(`${target.family} ${target.table} ${data.chain}`))
        throw new KernelError("ENOENT", "element", at);
    const merged = mergeElements(row, elements, create, this.nft.ns.kernel.now);
    if (typeof merged === "number") throw new KernelError(elements[merged]?.data === undefined && row.data ? "EINVAL" : "EEXIST", "element", merged); // prettier-ignore
    if (row.size !== undefined && merged.length > row.size) throw new KernelError("ENFILE", "element", 0);
    if (merged !== row.elements) this.sets.set(this.keyOf(target), { ...row, elements: merged });
  }

  deleteElements(target: Target, elements: readonly ElementDraft[]): void {
    const row = this.set(target);
    const left = removeElements(row, elements, (key) => {
      const place = `${row.id} ${key}`;
      const known = this.nft.dynamics.get(place) !== undefined;
      if (known) this.dynamicsGone.push(place);
      return known;
    });
    if (typeof left === "number") throw new KernelError("ENOENT", "element", left);
    this.sets.set(this.keyOf(target), { ...row, elements: left });
  }

  flushSet(target: Target): void {
    const row = this.set(target);
    if (row.elements.length > 0) this.sets.set(this.keyOf(target), { ...row, elements: [] });
    if (!row.grows) return;
    for (const key of this.nft.dynamics.keys()) if (key.startsWith(`${row.id} `)) this.dynamicsGone.push(key);
  }

  addCounter(target: Target, draft: Pick<CounterRow, "packets" | "bytes" | "comment">, create: boolean): void {
    const key = this.keyOf(target);
    if (this.counters.get(key)) {
      if (create) throw new KernelError("EEXIST", "name");
      return;
    }
    const handle = this.nextHandle(`${target.family} ${target.table}`);
    this.counters.set(key, { ...target, ...draft, handle, id: this.nextNumber("id") });
  }

  deleteCounter(target: Target): void {
    const key = this.keyOf(target);
    if (!this.counters.get(key)) throw new KernelError("ENOENT", "name");
    for (const chain of this.chains.values())
      if (chain.family === target.family && chain.table === target.table)
        if (
          chain.rules.some(({ statements }) =>
            statements.some((one) => one.kind === "named counter" && one.name === target.name),
          )
        )
          // prettier-ignore
          throw new KernelError("EBUSY", "name");
    this.counters.delete(key);
  }
}
