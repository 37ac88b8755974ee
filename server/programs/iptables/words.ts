import type { Problem } from "../../sim/net/index.ts";

/** Letters of getopt(3) with a value that must be there, and with one that may be joined to them (iptables/xshared.h). */
const WITH_VALUE = "ACDREPNMcdijoptsgm";
const MAY_HAVE_VALUE = "ILSFZXhVW w".replace(" ", "");
const WITHOUT = "vnxf46b0";

/** Takes clusters of short options apart: `-nvL INPUT` becomes `-n -v -L INPUT`. */
export function splitClusters(program: string, args: readonly string[]): string[] | Problem {
  const out: string[] = [];
  // Values of options are not looked at: they may begin with a dash.
  let value = false;
  for (const [at, word] of args.entries()) {
    if (value || !/^-[^-]/.test(word)) {
      out.push(word);
      value = !value && /^--?[A-Za-z-]+$/.test(word) && LONG_WITH_VALUE.has(word);
      continue;
    }
    value = false;
    for (let letter = 1; letter < word.length; letter++) {
      const option = word[letter]!;
      const rest = word.slice(letter + 1);
      if (WITHOUT.includes(option)) out.push(`-${option}`);
      else if (WITH_VALUE.includes(option) || MAY_HAVE_VALUE.includes(option)) {
        out.push(`-${option}`);
        if (rest !== "") out.push(rest);
        else value = WITH_VALUE.includes(option);
        break;
      } else {
        // getopt has not gone on to the next word yet, unless this was the last letter.
        const shown = rest === "" ? word : (args[at - 1] ?? program);
        return { problem: "parameter", text: `unknown option "${shown}"` };
      }
    }
  }
  return out;
}

/** Long options whose value may look like an option. */
const LONG_WITH_VALUE = new Set(["--comment", "--log-prefix", "--name"]);
