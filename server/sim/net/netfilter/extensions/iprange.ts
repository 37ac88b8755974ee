import { ipv4, parseIPv4 } from "../../ip.ts";
import type { MatchExtension, OptionSpec } from "../extension.ts";
import { parameter } from "../row.ts";

interface Range {
  readonly from: string;
  readonly to: string;
  readonly not?: true;
}

interface IprangeOptions {
  readonly source?: Range;
  readonly destination?: Range;
}

function rangeOption(key: string, option: string): OptionSpec {
  return {
    key,
    words: 1,
    not: true,
    read([text]) {
      const [from, to = from] = text!.split("-") as [string, string?];
      if (parseIPv4(from) === undefined || parseIPv4(to) === undefined)
        return parameter(`iprange: Bad value for "${option}" option: "${text}"`);
      return { from, to };
    },
  };
}

export const iprange: MatchExtension = {
  kind: "match",
  name: "iprange",
  options: {
    "--src-range": rangeOption("source", "--src-range"),
    "--dst-range": rangeOption("destination", "--dst-range"),
  },
  finish(given) {
    if (given.size === 0) return parameter("iprange match: You must specify `--src-range' or `--dst-range'");
    const options: Record<string, unknown> = {};
    for (const [key, { value, not }] of given) options[key] = not ? { ...(value as object), not: true } : value;
    return options;
  },
  save(options) {
    const { source, destination } = options as IprangeOptions;
    const part = (name: string, range: Range | undefined): string =>
      range ? `${range.not ? " !" : ""} --${name} ${range.from}-${range.to}` : "";
    return part("src-range", source) + part("dst-range", destination);
  },
  list(options) {
    const { source, destination } = options as IprangeOptions;
    const part = (name: string, range: Range | undefined): string =>
      range ? ` ${name} IP range${range.not ? " !" : ""} ${range.from}-${range.to}` : "";
    return part("source", source) + part("destination", destination);
  },
  compile(options) {
    const { source, destination } = options as IprangeOptions;
    const test = (range: Range | undefined) => {
      if (!range) return () => true;
      const [low, high] = [ipv4(range.from) >>> 0, ipv4(range.to) >>> 0];
      const not = range.not ?? false;
      return (value: unknown) => typeof value === "number" && (value >>> 0 >= low && value >>> 0 <= high) !== not;
    };
    const [fromFits, toFits] = [test(source), test(destination)];
    return (packet) => fromFits(packet.src) && toFits(packet.dst);
  },
};
