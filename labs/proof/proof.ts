import type { When } from "../schema/variants.ts";

/** A script that shows what a lab is worth: a solution that must get all points, or a wrong one with what it must get. */
export interface Proof {
  /** `solution.sh`, `wrong-selector-only.sh`. */
  readonly name: string;
  readonly script: string;
  /** What must have been drawn for it to be played: `# when: cause=selector`. Always, if missing. */
  readonly when?: When;
  /** What a wrong solution says of itself; a solution has none of it. */
  readonly wrong?: {
    readonly score: number;
    readonly of: number;
    /** Checks and questions that fail. */
    readonly fails: readonly string[];
    /** Words that the report of a check must have, in what it observed or why. */
    readonly because: readonly { readonly check: string; readonly words: string }[];
  };
}

/** A line of a proof's head that cannot be read: line from 1, and what is wrong. */
export interface ProofProblem {
  readonly line: number;
  readonly words: string;
}

/**
 * Reads a proof script. A wrong one begins with `# scores: 2 of 6` and `# fails: answers deployment-kept`, and may say
 * `# because answers: nothing listens`. Any may say `# when: cause=selector`, once for each variant that matters.
 */
export function readProof(name: string, script: string): Proof | readonly ProofProblem[] {
  const problems: ProofProblem[] = [];
  const when = readWhen(script, problems);
  const base = { name, script, ...(when === undefined ? {} : { when }) };
  if (name.startsWith("solution")) return problems.length > 0 ? problems : base;
  let scores: { score: number; of: number } | undefined;
  let fails: readonly string[] | undefined;
  const because: { check: string; words: string }[] = [];
  for (const [at, line] of script.split("\n").entries()) {
    const head = /^#\s*(scores|fails|because)\b(.*)$/.exec(line);
    if (!head) continue;
    const [, keyword, rest = ""] = head;
    const complain = (words: string): void => void problems.push({ line: at + 1, words });
    if (keyword === "scores") {
      const match = /^:\s*(\d+(?:\.\d+)?) of (\d+(?:\.\d+)?)\s*$/.exec(rest);
      if (match) scores = { score: Number(match[1]), of: Number(match[2]) };
      else complain("expected '# scores: POINTS of POINTS'");
    } else if (keyword === "fails") {
      const ids = rest
        .replace(/^:/, "")
        .trim()
        .split(/[\s,]+/);
      if (rest.startsWith(":") && ids[0] !== "") fails = ids;
      else complain("expected '# fails: CHECK…'");
    } else {
      const match = /^\s+([a-z][a-z0-9-]*):\s*(\S.*?)\s*$/.exec(rest);
      if (match) because.push({ check: match[1]!, words: match[2]! });
      else complain("expected '# because CHECK: WORDS'");
    }
  }
  if (problems.length > 0) return problems;
  if (!scores) return [{ line: 1, words: "a wrong solution says what it scores: write '# scores: POINTS of POINTS'" }];
  if (!fails) return [{ line: 1, words: "a wrong solution says which checks it fails: write '# fails: CHECK…'" }];
  return { ...base, wrong: { ...scores, fails, because } };
}

/** `# when: cause=selector` or `# when: cause=selector,port`, one line a variant. */
function readWhen(script: string, problems: ProofProblem[]): When | undefined {
  const when: Record<string, string[]> = {};
  for (const [at, line] of script.split("\n").entries()) {
    const head = /^#\s*when\s*:(.*)$/.exec(line);
    if (!head) continue;
    const match = /^\s*([\w.]+)=(\S+)\s*$/.exec(head[1]!);
    if (match) when[match[1]!] = match[2]!.split(",");
    else problems.push({ line: at + 1, words: "expected '# when: VARIANT=VALUE' or '# when: VARIANT=VALUE,VALUE'" });
  }
  return Object.keys(when).length > 0 ? when : undefined;
}
