import type { Delegated } from "./delegated.ts";
import usages from "./usages.json" with { type: "json" };
import { WORDINGS } from "./wordings.ts";

interface Recorded {
  readonly usage: string;
  readonly least?: number;
  readonly code?: number;
}

const RECORDED: Readonly<Record<string, Recorded>> = usages;

/** What busybox takes and says of a program whose usage was recorded from it; undefined if nothing is known of it. */
export function recordedUsage(name: string): Delegated | undefined {
  const wording = Object.hasOwn(WORDINGS, name) ? WORDINGS[name] : undefined;
  const recorded = Object.hasOwn(RECORDED, name) ? RECORDED[name] : undefined;
  if (!wording && !recorded) return undefined;
  const usage = recorded?.usage ?? "";
  return {
    options: `${wording?.stops ? "+" : ""}${optionsOf(usage)}${wording?.hidden ?? ""}`,
    longs: wording?.longs ?? {},
    least: wording?.least ?? recorded?.least ?? 0,
    usage,
    ...(recorded?.code === undefined ? {} : { code: recorded.code }),
    ...(wording?.ownArguments ? { operand: /^/ } : {}),
    ...(wording?.rewordings ? { rewordings: wording.rewordings } : {}),
    ...(wording?.outputs ? { outputs: wording.outputs } : {}),
    ...(wording?.rewrite ? { rewrite: wording.rewrite } : {}),
    ...(wording?.pattern ? { pattern: true as const } : {}),
    ...(wording?.codes ? { codes: wording.codes } : {}),
  };
}

/**
 * The letters of a usage as getopt(3) has them: `[-cds]` and `[-k SECS]` in the first line, and the lines of options
 * (`\t-e[STR]`, `\t-a FILE`, `\t-r,-R`).
 */
export function optionsOf(usage: string): string {
  const found = new Map<string, string>();
  const [first = "", ...lines] = usage.split("\n");
  for (const [, letters, nested] of first.matchAll(/\[-(\w+)(?:\[(\w+)\])?\]/g))
    for (const letter of `${letters!}${nested ?? ""}`) found.set(letter, "");
  for (const [, letter] of first.matchAll(/-(\w) [A-Z]/g)) found.set(letter!, ":");
  for (const line of lines) {
    const options = /^\t+(-\w(?:[[ ][A-Z|]+\]?)?(?:,-\w(?:[[ ][A-Z|]+\]?)?)*)/.exec(line)?.[1];
    for (const option of options?.split(",") ?? [])
      found.set(option[1]!, option[2] === "[" ? "::" : option[2] === " " ? ":" : (found.get(option[1]!) ?? ""));
  }
  return [...found].map(([letter, colons]) => `${letter}${colons}`).join("");
}
