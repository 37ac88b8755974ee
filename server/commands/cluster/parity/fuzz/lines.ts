import type { Case } from "../cases.ts";
import type { Dice } from "./dice.ts";
import { manifestLine } from "./manifests.ts";
import { VERBS } from "./verbs.ts";

/** One of four lines reads a manifest. */
const MANIFESTS = 25;

/** So many lines by the grammar; each may write, and finds what those before it have made. */
export function generated(dice: Dice, count: number): Case[] {
  const makers = Object.values(VERBS).flatMap(([weight, make]) => Array.from({ length: weight }, () => make));
  return Array.from({ length: count }, () => {
    const { line, stdin } = dice.chance(MANIFESTS)
      ? manifestLine(dice)
      : { line: `kubectl ${dice.pick(makers)(dice)}`, stdin: undefined };
    return { line: `timeout 20 ${line}`, stdin, setup: [], unordered: false, codeOnly: false, differs: undefined };
  });
}
