import { assign } from "../interpreter/assignment.ts";
import { isName } from "../interpreter/parameters.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions, usage } from "./usage.ts";

/** Where in a group of letters (`-abc`) the last call stopped; by shell, and only good for that OPTIND. */
const places = new WeakMap<Shell, { optind: number; letter: number }>();

export const getopts: PlainBuiltin = {
  name: "getopts",
  synopsis: "optstring name [arg ...]",
  summary: "Takes the next option out of the positional parameters.",
  run(shell, args) {
    const parsed = parseOptions(shell, getopts, args, "");
    if (!parsed) return 2;
    const [spec, name, ...given] = parsed.rest;
    if (spec === undefined || name === undefined) return usage(shell, getopts);
    const words = given.length > 0 ? given : shell.positional;
    const set = (variable: string, value: string): void =>
      assign(shell, { name: variable, subscript: undefined }, value);
    const optind = Math.max(1, Number(shell.variables.get("OPTIND")) || 1);
    const place = places.get(shell);
    const letter = place?.optind === optind ? place.letter : 1;
    const finish = (next: number, at: number, value: string): void => {
      set("OPTIND", String(next));
      places.set(shell, { optind: next, letter: at });
      if (isName(name)) set(name, value);
    };
    if (!isName(name)) {
      shell.complainInBuiltin(`\`${name}': not a valid identifier`);
      return 1;
    }
    const word = words[optind - 1];
    if (word === undefined || !word.startsWith("-") || word === "-" || word === "--") {
      shell.variables.unset("OPTARG");
      finish(word === "--" ? optind + 1 : optind, 1, "?");
      return 1;
    }
    const option = word[letter]!;
    const more = letter + 1 < word.length;
    const [next, nextLetter] = more ? [optind, letter + 1] : [optind + 1, 1];
    const silent = spec.startsWith(":");
    const known = option === ":" ? -1 : spec.indexOf(option);
    const report = (words_: string, small: string): void => {
      if (!silent && shell.variables.get("OPTERR") !== "0")
        shell.writeError(shell.dialect.strict ? `${small}\n` : `${shell.name}: ${words_} -- ${option}\n`);
      if (silent) set("OPTARG", option);
      else shell.variables.unset("OPTARG");
    };
    if (known < 0) {
      report("illegal option", `Illegal option -${option}`);
      finish(next, nextLetter, "?");
    } else if (spec[known + 1] !== ":") {
      shell.variables.unset("OPTARG");
      finish(next, nextLetter, option);
    } else if (more) {
      set("OPTARG", word.slice(letter + 1));
      finish(optind + 1, 1, option);
    } else if (words[optind] !== undefined) {
      set("OPTARG", words[optind]);
      finish(optind + 2, 1, option);
    } else {
      report("option requires an argument", `No arg for -${option} option`);
      finish(optind + 1, 1, silent ? ":" : "?");
    }
    return 0;
  },
};
