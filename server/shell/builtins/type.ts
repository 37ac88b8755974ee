import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { functionText } from "./declaration-text.ts";
import { meanings, type Meaning } from "./lookup.ts";
import { parseOptions } from "./usage.ts";

export const type: PlainBuiltin = {
  name: "type",
  synopsis: "[-afptP] name [name ...]",
  summary: "Tells what a name means as a command.",
  run(shell, args) {
    const parsed = parseOptions(shell, type, args, "afptP");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    let status = 0;
    for (const name of rest) {
      let found = meanings(shell, name, options.has("a") || options.has("P") || options.has("f"));
      if (options.has("f")) found = found.filter((meaning) => meaning.type !== "function");
      if (options.has("P")) found = found.filter((meaning) => meaning.type === "file");
      if (!options.has("a")) found = found.slice(0, 1);
      if (found.length === 0) {
        status = shell.dialect.strict ? 127 : 1;
        if (shell.dialect.strict) shell.print(`${name}: not found\n`);
        else if (!options.has("t") && !options.has("p") && !options.has("P"))
          shell.complainInBuiltin(`${name}: not found`);
      }
      for (const meaning of found) {
        if (options.has("t")) shell.print(`${meaning.type}\n`);
        else if (options.has("p") || options.has("P")) {
          if (meaning.type === "file") shell.print(`${meaning.path}\n`);
        } else shell.print(describe(shell, name, meaning));
      }
    }
    return status;
  },
};

/** As `type` and `command -V` say it. */
export function describe(shell: Shell, name: string, meaning: Meaning): string {
  switch (meaning.type) {
    case "alias":
      return `${name} is aliased to \`${meaning.value}'\n`;
    case "keyword":
      return `${name} is a shell keyword\n`;
    case "function":
      return `${name} is a function\n${functionText(shell, name)!}`;
    case "builtin":
      return `${name} is a shell builtin\n`;
    case "file":
      return meaning.hashed ? `${name} is hashed (${meaning.path})\n` : `${name} is ${meaning.path}\n`;
  }
}
