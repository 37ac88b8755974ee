import { generate } from "../completion/programmable.ts";
import { files } from "../completion/sources.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { readCompletionOptions } from "./completion-options.ts";

export const compgen: PlainBuiltin = {
  name: "compgen",
  synopsis:
    "[-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [word]",
  summary: "Shows what a word could be completed to.",
  *run(shell, args) {
    const parsed = readCompletionOptions(shell, compgen, args, "");
    if (!parsed) return 2;
    const { spec, rest } = parsed;
    const word = rest[0] ?? "";
    if (spec.functionName !== undefined && !shell.completions.running)
      shell.complainInBuiltin("warning: -F option may not work as you expect");
    const call = { name: "compgen", word, previous: "", line: "", point: 0, words: [], index: 0, type: 9 };
    const found = (yield* generate(shell, spec, word, call)) ?? [];
    const usual = found.length === 0 && (spec.options.has("default") || spec.options.has("bashdefault"));
    const names = usual ? files(shell, word, false) : found;
    const all = spec.options.has("plusdirs") || (names.length === 0 && spec.options.has("dirnames")) ? [...names, ...files(shell, word, true)] : names; // prettier-ignore
    for (const name of all) shell.print(`${name}\n`);
    return all.length > 0 ? 0 : 1;
  },
};
