import type { Errno } from "../errno.ts";
import { TARGETS } from "./registry.ts";
import { BUILT_IN, type ChainRow, type HookName, type TableName } from "./row.ts";

/**
 * What nf_tables checks before it takes a table: from no built-in chain may a way lead in a circle, and targets that need
 * certain hooks may stand only where those lead (nf_tables_validate, nft_target_validate). Circles that nothing leads to are
 * let be.
 */
export function validateTable(table: TableName, chains: ReadonlyMap<string, ChainRow>): Errno | undefined {
  for (const hook of BUILT_IN[table]) {
    const errno = walk(chains, hook, hook, new Set(), new Set());
    if (errno) return errno;
  }
  return undefined;
}

function walk(
  chains: ReadonlyMap<string, ChainRow>,
  name: string,
  hook: HookName,
  above: Set<string>,
  done: Set<string>,
): Errno | undefined {
  if (above.has(name)) return "EMLINK";
  if (done.has(name)) return undefined;
  above.add(name);
  for (const { target } of chains.get(name)?.rules ?? []) {
    if (target?.kind === "extension") {
      const { hooks } = TARGETS.get(target.name)!;
      if (hooks && !hooks.includes(hook)) return "EINVAL";
    } else if (target?.kind === "chain") {
      const errno = walk(chains, target.name, hook, above, done);
      if (errno) return errno;
    }
  }
  above.delete(name);
  done.add(name);
  return undefined;
}
