import { quote } from "../quote.ts";
import { readNumber, type OptionSpec, type TargetExtension } from "../extension.ts";
import { parameter } from "../row.ts";

interface NflogOptions {
  readonly prefix?: string;
  readonly group?: number;
  readonly size?: number;
  readonly threshold?: number;
}

function number(key: string, max: number): OptionSpec {
  const option = `--nflog-${key}`;
  return {
    key,
    words: 1,
    read: ([text]) =>
      readNumber(text!, max) ?? parameter(`NFLOG: bad value for option "${option}", or out of range (0-${max}).\n`),
  };
}

/** Hands packets to whoever listens on a netlink group. Nobody does here, so that they just go on, as they then do in life. */
export const NFLOG: TargetExtension = {
  kind: "target",
  name: "NFLOG",
  options: {
    "--nflog-group": number("group", 65_535),
    "--nflog-prefix": { key: "prefix", words: 1, read: ([text]) => text!.slice(0, 127) },
    "--nflog-range": {
      key: "range",
      words: 1,
      read(words, context) {
        const instead = "please use --nflog-size instead";
        context.warn(`warn: --nflog-range has never worked and is no longer supported, ${instead}\n`);
        return number("range", 0xffff_ffff).read(words, context);
      },
    },
    "--nflog-size": number("size", 0xffff_ffff),
    "--nflog-threshold": number("threshold", 65_535),
  },
  finish(given) {
    const options: Record<string, unknown> = {};
    for (const key of ["prefix", "group", "size", "threshold"]) {
      const value = given.get(key)?.value;
      if (value !== undefined && value !== 0 && value !== "") options[key] = value;
    }
    return options;
  },
  save: (options) => words(options, " --"),
  list(options) {
    const { prefix } = options as NflogOptions;
    return words(prefix === undefined ? options : { ...options, prefix: undefined }, " ", prefix);
  },
  compile: () => () => "continue",
};

function words(options: NflogOptions, before: string, shownPrefix?: string): string {
  const { prefix, group, size, threshold } = options;
  const named = shownPrefix === undefined ? prefix && quote(prefix) : `"${shownPrefix}"`;
  return [
    named === undefined ? "" : `${before}nflog-prefix ${named}`,
    group === undefined ? "" : `${before}nflog-group ${group}`,
    size === undefined ? "" : `${before}nflog-size ${size}`,
    threshold === undefined ? "" : `${before}nflog-threshold ${threshold}`,
  ].join("");
}
