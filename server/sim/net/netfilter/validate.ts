import type { Errno } from "../errno.ts";
import { MATCHES, TARGETS } from "./registry.ts";
import type { MatchExtension, TargetExtension } from "./extension.ts";
import { BUILT_IN, type ChainRow, type HookName, type Options, type TableName } from "./row.ts";

/**
 * What nf_tables checks before it takes a table: from no built-in chain may a way lead in a circle, and targets that need
 * certain hooks may stand only where those lead (nf_tables_validate, nft_target_validate). Circles that nothing leads to are
 * let be.
 */
export function validateTable(table: TableName, chains: ReadonlyMap<string, ChainRow>): Fault | undefined {
  for (const hook of BUILT_IN[table]) {
    const fault = walk(chains, hook, hook, [], new Set());
    if (fault) return fault;
  }
  return undefined;
}

/** The rule that completed what is not allowed: of those on the way there, the one that was written last. */
export interface Fault {
  readonly errno: Errno;
  readonly chain: string;
  readonly rule: number;
}

interface Step {
  readonly chain: string;
  readonly rule: number;
}

function walk(
  chains: ReadonlyMap<string, ChainRow>,
  name: string,
  hook: HookName,
  above: Step[],
  done: Set<string>,
): Fault | undefined {
  if (isAbove(above, name)) return latest("EMLINK", above);
  if (done.has(name)) return undefined;
  for (const { id, matches, target } of chains.get(name)?.rules ?? []) {
    const here = { chain: name, rule: id };
    for (const match of matches)
      if (misplaced(MATCHES.get(match.name)!, match.options, hook)) return latest("EINVAL", [...above, here]);
    if (target?.kind === "extension") {
      if (misplaced(TARGETS.get(target.name)!, target.options, hook)) return latest("EINVAL", [...above, here]);
    } else if (target?.kind === "chain" && (!done.has(target.name) || isAbove(above, target.name))) {
      above.push(here);
      const fault = walk(chains, target.name, hook, above, done);
      above.pop();
      if (fault) return fault;
    }
  }
  done.add(name);
  return undefined;
}

function isAbove(above: readonly Step[], name: string): boolean {
  return above.some(({ chain }) => chain === name);
}

function latest(errno: Errno, path: readonly Step[]): Fault {
  return { errno, ...path.reduce((last, step) => (step.rule > last.rule ? step : last)) };
}

function misplaced(extension: MatchExtension | TargetExtension, options: Options, hook: HookName): boolean {
  const hooks = extension.hooksFor ? extension.hooksFor(options) : extension.hooks;
  return hooks !== undefined && !hooks.includes(hook);
}
