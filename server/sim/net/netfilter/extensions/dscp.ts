import { readNumber, type MatchExtension, type OptionSpec, type TargetExtension } from "../extension.ts";
import { parameter } from "../row.ts";

/** RFC 2474, 2597, 3246. */
const CLASSES: Readonly<Record<string, number>> = {
  CS0: 0, CS1: 8, CS2: 16, CS3: 24, CS4: 32, CS5: 40, CS6: 48, CS7: 56, BE: 0,
  AF11: 10, AF12: 12, AF13: 14, AF21: 18, AF22: 20, AF23: 22,
  AF31: 26, AF32: 28, AF33: 30, AF41: 34, AF42: 36, AF43: 38, EF: 46,
}; // prettier-ignore

const MOST = 63;

function value(name: string, option: string): OptionSpec {
  const bad = `${name}: bad value for option "${option}", or out of range (0-${MOST}).\n`;
  return { key: "dscp", words: 1, not: true, read: ([text]) => readNumber(text!, MOST) ?? parameter(bad) };
}

const byClass: OptionSpec = {
  key: "dscp",
  words: 1,
  not: true,
  read: ([text]) => CLASSES[text!.toUpperCase()] ?? parameter(`Invalid DSCP value \`${text}'`),
};

function hex(options: Readonly<Record<string, unknown>>): string {
  return `0x${(options["dscp"] as number).toString(16).padStart(2, "0")}`;
}

/** The upper six bits of what IPv4 calls the type of service. */
export const dscp: MatchExtension = {
  kind: "match",
  name: "dscp",
  options: { "--dscp": value("dscp", "--dscp"), "--dscp-class": byClass },
  finish(given) {
    const wish = given.get("dscp");
    if (!wish) return parameter("DSCP match: Parameter --dscp is required");
    return { dscp: wish.value, ...(wish.not ? { not: true as const } : {}) };
  },
  save: (options) => `${options["not"] ? " !" : ""} --dscp ${hex(options)}`,
  list: (options) => ` DSCP match ${options["not"] ? "!" : ""}${hex(options)}`,
  compile(options) {
    const { dscp: wanted, not = false } = options as { dscp: number; not?: boolean };
    return ({ tos }) => (tos >> 2 === wanted) !== not;
  },
};

export const DSCP: TargetExtension = {
  kind: "target",
  name: "DSCP",
  tables: ["mangle"],
  options: {
    "--set-dscp": plain(value("DSCP", "--set-dscp")),
    "--set-dscp-class": plain(byClass),
  },
  finish(given) {
    const wish = given.get("dscp");
    return wish ? { dscp: wish.value } : parameter("DSCP target: Parameter --set-dscp is required");
  },
  save: (options) => ` --set-dscp ${hex(options)}`,
  list: (options) => ` DSCP set ${hex(options)}`,
  compile(options) {
    const bits = (options["dscp"] as number) << 2;
    return (packet) => {
      packet.tos = bits | (packet.tos & 3);
      return "continue";
    };
  },
};

/** A target's option is never inverted. */
function plain({ key, words, read }: OptionSpec): OptionSpec {
  return { key, words, read };
}
