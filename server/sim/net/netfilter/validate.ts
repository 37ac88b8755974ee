import type { Errno } from "../errno.ts";
import { MATCHES, TARGETS } from "./registry.ts";
import type { MatchExtension, TargetExtension } from "./extension.ts";
import { BUILT_IN, type ChainRow, type HookName, type Options, type RuleRow, type TableName } from "./row.ts";

/**
 * What nf_tables checks before it takes a table: from no built-in chain may a way lead in a circle, and targets that need
 * certain hooks may stand only where those lead (nf_tables_validate, nft_target_validate). Circles that nothing leads to are
 * let be.
 */
export function validateTable(
  table: TableName,
  chains: ReadonlyMap<string, ChainRow>,
  since?: { readonly reach: Reach; readonly changed: ReadonlySet<string> },
): Fault | Reach {
  if (since && extend(since.reach, BUILT_IN[table], chains, since.changed)) return since.reach;
  const reach: Reach = new Map();
  for (const [at, hook] of BUILT_IN[table].entries()) {
    const fault = walk({ chains, hook, bit: 1 << at, reach, done: new Set() }, hook, []);
    if (fault) return fault;
  }
  return reach;
}

/**
 * What was found of a table that is as it may be: of each chain that a hook leads to, how many jumps are below it at most
 * (`>> HOOKS`) and which hooks lead there (as bits). As long as every chain has more below it than those that it jumps to,
 * and those are led to by its own hooks, there is nothing to object to.
 */
export type Reach = Map<string, number>;

const HOOKS = 5;

/**
 * Looks at the chains that were changed alone: one Service of thousands. False if that leaves a doubt; then all must be
 * looked at, and what was known is good for nothing.
 */
function extend(
  reach: Reach,
  hooks: readonly HookName[],
  chains: ReadonlyMap<string, ChainRow>,
  changed: ReadonlySet<string>,
): boolean {
  for (const name of changed) if (!chains.has(name)) reach.delete(name);
  for (const name of changed) {
    const rules = chains.get(name)?.rules;
    if (!rules) continue;
    const known = reach.get(name);
    const hook = hooks.indexOf(name as HookName);
    if (known === undefined) {
      // Of others that nobody knows it shows below whether something leads there.
      if (hook >= 0 && enter(reach, hooks, chains, name, 1 << hook, new Set()) === undefined) return false;
      continue;
    }
    const below = ranked(reach, hooks, chains, rules, known & ((1 << HOOKS) - 1), new Set([name]));
    if (below === undefined || below > known >> HOOKS) return false;
  }
  return true;
}

/** How many jumps are below a chain that these hooks lead to; undefined if that is in doubt. */
function enter(
  reach: Reach,
  hooks: readonly HookName[],
  chains: ReadonlyMap<string, ChainRow>,
  name: string,
  mask: number,
  above: Set<string>,
): number | undefined {
  const known = reach.get(name);
  if (known !== undefined) return (known & mask) === mask ? known >> HOOKS : undefined;
  if (above.has(name)) return undefined;
  above.add(name);
  const below = ranked(reach, hooks, chains, chains.get(name)?.rules ?? [], mask, above);
  above.delete(name);
  if (below !== undefined) reach.set(name, (below << HOOKS) | mask);
  return below;
}

/** The same of a list of rules. */
function ranked(
  reach: Reach,
  hooks: readonly HookName[],
  chains: ReadonlyMap<string, ChainRow>,
  rules: readonly RuleRow[],
  mask: number,
  above: Set<string>,
): number | undefined {
  let most = 0;
  for (const { hooks: allowed, to } of stepsOf(rules)) {
    if (allowed?.some((some) => hooks.some((hook, at) => mask & (1 << at) && !some.includes(hook)))) return undefined;
    if (to === undefined) continue;
    const below = enter(reach, hooks, chains, to, mask, above);
    if (below === undefined) return undefined;
    if (below >= most) most = below + 1;
  }
  return most;
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

/** A walk from one hook. */
interface Walk {
  readonly chains: ReadonlyMap<string, ChainRow>;
  readonly hook: HookName;
  /** The hook's in `reach`. */
  readonly bit: number;
  readonly reach: Reach;
  readonly done: Set<string>;
}

function walk(way: Walk, name: string, above: Step[]): Fault | undefined {
  const { chains, hook, reach, done } = way;
  if (isAbove(above, name)) return latest("EMLINK", above);
  if (done.has(name)) return undefined;
  let most = 0;
  for (const { id, hooks, to } of stepsOf(chains.get(name)?.rules ?? [])) {
    if (hooks?.some((allowed) => !allowed.includes(hook)))
      return latest("EINVAL", [...above, { chain: name, rule: id }]);
    if (to === undefined) continue;
    if (!done.has(to) || isAbove(above, to)) {
      above.push({ chain: name, rule: id });
      const fault = walk(way, to, above);
      above.pop();
      if (fault) return fault;
    }
    most = Math.max(most, (reach.get(to)! >> HOOKS) + 1);
  }
  done.add(name);
  const hooks = (reach.get(name) ?? 0) & ((1 << HOOKS) - 1);
  reach.set(name, (most << HOOKS) | hooks | way.bit);
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
  readonly hooks: readonly (readonly HookName[])[] | undefined;
  readonly to: string | undefined;
}

/** By the lists of rules, which are replaced on write: a table of thousands of chains is looked through at every commit. */
const known = new WeakMap<readonly RuleRow[], { readonly length: number; readonly steps: readonly RuleFacts[] }>();

function stepsOf(rules: readonly RuleRow[]): readonly RuleFacts[] {
  const found = known.get(rules);
  if (found?.length === rules.length) return found.steps;
  const steps: RuleFacts[] = [];
  for (const { id, matches, target } of rules) {
    let hooks: (readonly HookName[])[] | undefined;
    for (const { name, options } of matches) {
      const allowed = hooksOf(MATCHES.get(name)!, options);
      if (allowed) (hooks ??= []).push(allowed);
    }
    const allowed = target?.kind === "extension" && hooksOf(TARGETS.get(target.name)!, target.options);
    if (allowed) (hooks ??= []).push(allowed);
    const to = target?.kind === "chain" ? target.name : undefined;
    if (hooks || to !== undefined) steps.push({ id, hooks, to });
  }
  known.set(rules, { length: rules.length, steps });
  return steps;
}

function hooksOf(extension: MatchExtension | TargetExtension, options: Options): readonly HookName[] | undefined {
  return extension.hooksFor ? extension.hooksFor(options) : extension.hooks;
}
