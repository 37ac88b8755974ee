import { GoError } from "../../errors/go-error.ts";
import type { Failure } from "../../output/index.ts";

/** Splits arguments into those that name resources and the KEY=VALUE and KEY- behind them (GetResourcesAndPairs). */
export function resourcesAndPairs(
  args: readonly string[],
  what: string,
): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  const isPair = (word: string): boolean => /^[^=].*=|^[^=]=/.test(word) || (word.endsWith("-") && word !== "-");
  const first = args.findIndex(isPair);
  if (first < 0) return { resources: args, pairs: [] };
  const late = args.slice(first).find((word) => !isPair(word));
  if (late !== undefined) throw new GoError(`all resources must be specified before ${what} changes: ${late}`);
  return { resources: args.slice(0, first), pairs: args.slice(first) };
}

export interface Pairs {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

/** Reads KEY=VALUE and KEY- (ParsePairs). */
export function parsePairs(pairs: readonly string[], what: string, removable: boolean): Pairs | Failure {
  const set = new Map<string, string>();
  const remove: string[] = [];
  const wrong: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals > 0) set.set(pair.slice(0, equals), pair.slice(equals + 1));
    else if (removable && pair.endsWith("-") && pair !== "-" && equals < 0) remove.push(pair.slice(0, -1));
    else wrong.push(pair);
  }
  return wrong.length > 0 ? { error: `invalid ${what} format: ${wrong.join(", ")}` } : { set, remove };
}
