import { ACTION_LETTERS, SOURCES } from "../completion/sources.ts";
import type { CompletionSpec } from "../completion/completions.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const COMPLETION_OPTIONS = new Set([
  "bashdefault", "default", "dirnames", "filenames", "noquote", "nosort", "nospace", "plusdirs",
]); // prettier-ignore

export interface CompletionArguments {
  readonly spec: CompletionSpec;
  /** Letters that were given: `p`, `r`, `D`, `E`, `I`. */
  readonly flags: ReadonlySet<string>;
  readonly rest: readonly string[];
}

/** Reads the options that `compgen` and `complete` share; undefined after an error. Options may be repeated. */
export function readCompletionOptions(
  shell: Shell,
  builtin: PlainBuiltin,
  args: readonly string[],
  flagLetters: string,
): CompletionArguments | undefined {
  const actions: string[] = [];
  const options = new Set<string>();
  const spec: Record<string, string | undefined> = {};
  const flags = new Set<string>();
  let rest = args;
  while (rest.length > 0 && /^-./.test(rest[0]!) && rest[0] !== "--") {
    // One argument at a time, because parseOptions keeps only the last value of a letter.
    const takesValue = /^-[A-Za-z]*[oAGWFCXPS]$/.test(rest[0]!);
    const piece = rest.slice(0, takesValue ? 2 : 1);
    const parsed = parseOptions(shell, builtin, piece, `abcdefgjksuv${flagLetters}o:A:G:W:F:C:X:P:S:`);
    if (!parsed) return undefined;
    rest = rest.slice(piece.length);
    for (const [letter, value] of parsed.options) {
      if (letter === "o") {
        if (!COMPLETION_OPTIONS.has(String(value))) return invalid(shell, `${String(value)}: invalid option name`);
        options.add(String(value));
      } else if (letter === "A") {
        if (!Object.hasOwn(SOURCES, String(value))) return invalid(shell, `${String(value)}: invalid action name`);
        actions.push(String(value));
      } else if (ACTION_LETTERS[letter]) actions.push(ACTION_LETTERS[letter]);
      else if (value === true) flags.add(letter);
      else spec[letter] = value;
    }
  }
  if (rest[0] === "--") rest = rest.slice(1);
  return {
    spec: {
      actions,
      glob: spec["G"],
      words: spec["W"],
      functionName: spec["F"],
      command: spec["C"],
      filter: spec["X"],
      prefix: spec["P"],
      suffix: spec["S"],
      options,
    },
    flags,
    rest,
  };
}

function invalid(shell: Shell, words: string): undefined {
  shell.complainInBuiltin(words);
  return undefined;
}
