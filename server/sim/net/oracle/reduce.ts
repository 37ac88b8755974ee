import type { Op } from "./op.ts";

/** The shortest scenario found by leaving ops out for which `fails` still holds: what a reader of a counterexample gets. */
export async function reduce(ops: readonly Op[], fails: (ops: readonly Op[]) => Promise<boolean>): Promise<Op[]> {
  let kept = [...ops];
  for (let size = Math.max(1, kept.length >> 1); ; size = Math.max(1, size >> 1)) {
    let changed = false;
    for (let at = kept.length - size; at >= 0; at -= size) {
      const without = kept.toSpliced(at, size);
      if (!(await fails(without))) continue;
      kept = without;
      changed = true;
    }
    if (size === 1 && !changed) return kept;
  }
}
