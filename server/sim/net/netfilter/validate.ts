import type { Errno } from "../errno.ts";
import { MATCHES, TARGETS } from "./registry.ts";
import type { MatchExtension, TargetExtension } from "./extension.ts";
import { BUILT_IN, type ChainRow, type HookName, type Options, type RuleRow, type TableName } from "./row.ts";

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
  for (const { id, hooks, to } of stepsOf(chains.get(name)?.rules ?? [])) {
    if (hooks?.some((allowed) => !allowed.includes(hook)))
      return latest("EINVAL", [...above, { chain: name, rule: id }]);
    if (to === undefined || (done.has(to) && !isAbove(above, to))) continue;
    above.push({ chain: name, rule: id });
    const fault = walk(chains, to, hook, above, done);
    above.pop();
    if (fault) return fault;
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

/** A rule that matters here: it leads on, or may stand only where these hooks lead. */
interface RuleFacts {
  readonly id: number;
  readonly hooks?: readonly (readonly HookName[])[];
  readonly to?: string;
}

/** By the lists of rules, which are replaced on write: a table of thousands of chains is looked through at every commit. */
const known = new WeakMap<readonly RuleRow[], { readonly length: number; readonly steps: readonly RuleFacts[] }>();

function stepsOf(rules: readonly RuleRow[]): readonly RuleFacts[] {
  const found = known.get(rules);
  if (found?.length === rules.length) return found.steps;
  const steps: RuleFacts[] = [];
  for (const { id, matches, target } of rules) {
    const hooks = matches.flatMap((match) => hooksOf(MATCHES.get(match.name)!, match.options));
    if (target?.kind === "extension") hooks.push(...hooksOf(TARGETS.get(target.name)!, target.options));
    const to = target?.kind === "chain" ? target.name : undefined;
    if (hooks.length === 0 && to === undefined) continue;
    steps.push({ id, ...(hooks.length > 0 ? { hooks } : {}), ...(to === undefined ? {} : { to }) });
  }
  known.set(rules, { length: rules.length, steps });
  return steps;
}

function hooksOf(extension: MatchExtension | TargetExtension, options: Options): (readonly HookName[])[] {
  const hooks = extension.hooksFor ? extension.hooksFor(options) : extension.hooks;
  return hooks === undefined ? [] : [hooks];
}
