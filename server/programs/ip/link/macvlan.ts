import type { MacvlanMode } from "../../../sim/net/index.ts";
import { Exit, notSimulated } from "../exit.ts";
import { MACVLAN_USAGE } from "../usage/kinds.ts";
import { matches, readUnsigned, Words } from "../words.ts";

export interface MacvlanOptions {
  readonly mode?: MacvlanMode;
  readonly bcqueuelen?: number;
  readonly nopromisc?: boolean;
}

const MODES: readonly MacvlanMode[] = ["private", "vepa", "bridge", "passthru", "source"];

/** The options of a macvlan (ip/iplink_macvlan.c: macvlan_parse_opt). */
export function readMacvlan(rest: readonly string[]): MacvlanOptions {
  const words = new Words(rest);
  const options: { -readonly [K in keyof MacvlanOptions]: MacvlanOptions[K] } = {};
  for (; !words.done; words.step()) {
    const { word } = words;
    if (matches(word, "mode")) {
      const value = words.next();
      const mode = MODES.find((one) => one === value);
      if (!mode)
        throw new Exit(
          1,
          `Error: argument of "mode" must be "private", "vepa", "bridge", "passthru" or "source", not "${value}"\n`,
        );
      options.mode = mode;
    } else if (matches(word, "flag")) {
      const value = words.next();
      if (value === "nopromisc") options.nopromisc = true;
      else if (value === "nodst") throw notSimulated("ip", "macvlan flag nodst");
      else if (value !== "null")
        throw new Exit(1, `Error: argument of "flag" must be "nopromisc", "nodst" or "null", not "${value}"\n`);
    } else if (matches(word, "macaddr")) throw notSimulated("ip", "macvlan macaddr");
    else if (matches(word, "nopromisc")) options.nopromisc = true;
    else if (matches(word, "nodst")) throw notSimulated("ip", "macvlan nodst");
    else if (matches(word, "bcqueuelen")) {
      const length = readUnsigned(words.next());
      if (length === undefined)
        throw new Exit(1, `Error: illegal value for "bcqueuelen" (must be a number), is "${words.word}"\n`);
      options.bcqueuelen = length;
    } else {
      if (matches(word, "help")) throw new Exit(1, MACVLAN_USAGE);
      throw new Exit(1, `macvlan: unknown option "${word}"?\n${MACVLAN_USAGE}`);
    }
  }
  if (options.nopromisc && options.mode !== undefined && options.mode !== "passthru")
    throw new Exit(1, `macvlan: nopromisc flag only valid in passthru mode\n${MACVLAN_USAGE}`);
  return options;
}
