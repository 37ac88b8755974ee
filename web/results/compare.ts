import type { CheckResult } from "../../grader/result.ts";
import type { AttemptReport, PartReport } from "../../server/sessions/protocol/index.ts";

export type Change = "better" | "worse" | "same" | "only-now" | "only-then";

/** A check in two reports. */
export interface ComparedCheck {
  readonly key: string;
  readonly says: string;
  readonly before: CheckResult | undefined;
  readonly now: CheckResult | undefined;
  readonly change: Change;
}

export interface ComparedPart {
  readonly part: number;
  readonly title: string;
  readonly checks: readonly ComparedCheck[];
}

/** Two reports check by check. Parts are the same if they are of the same lab; an exam may have drawn others. */
export function compareReports(now: AttemptReport, then: AttemptReport): ComparedPart[] {
  const left = [...then.parts];
  const parts = now.parts.map((part) => {
    const at = left.findIndex(({ lab }) => lab === part.lab);
    return comparedPart(part, at < 0 ? undefined : left.splice(at, 1)[0]);
  });
  return [...parts, ...left.map((part) => comparedPart(undefined, part))];
}

function comparedPart(now: PartReport | undefined, then: PartReport | undefined): ComparedPart {
  const before = new Map(then?.report.results.map((result) => [keyOf(result), result]));
  const after = new Map(now?.report.results.map((result) => [keyOf(result), result]));
  const keys = new Set([...after.keys(), ...before.keys()]);
  return {
    part: now?.part ?? -1 - (then?.part ?? 0),
    title: now?.title ?? then?.title ?? "",
    checks: [...keys].map((key) => comparedCheck(key, after.get(key), before.get(key))),
  };
}

function comparedCheck(key: string, now: CheckResult | undefined, then: CheckResult | undefined): ComparedCheck {
  return { key, says: now?.says ?? then?.says ?? "", before: then, now, change: changeOf(now, then) };
}

function changeOf(now: CheckResult | undefined, then: CheckResult | undefined): Change {
  if (!then) return "only-now";
  if (!now) return "only-then";
  // A check that broke says nothing of the learner.
  if (now.outcome === "broke" || then.outcome === "broke") return "same";
  return now.points > then.points ? "better" : now.points < then.points ? "worse" : "same";
}

function keyOf({ task, id }: CheckResult): string {
  return `${task}/${id}`;
}

/** What changed, in words: `2 checks better, 1 worse, 3 the same`. */
export function changeWords(parts: readonly ComparedPart[]): string {
  const all = parts.flatMap(({ checks }) => checks);
  const count = (...changes: Change[]): number => all.filter(({ change }) => changes.includes(change)).length;
  const words = [
    [count("better"), "better"],
    [count("worse"), "worse"],
    [count("same"), "the same"],
    [count("only-now"), "not there then"],
    [count("only-then"), "not there any more"],
  ] as const;
  const told = words.filter(([number]) => number > 0);
  return told
    .map(([number, word], at) => (at === 0 ? `${number} check${number === 1 ? "" : "s"} ${word}` : `${number} ${word}`))
    .join(", ");
}
