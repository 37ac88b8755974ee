import { address, compareAddresses, parseAddress, type Address } from "../../ip.ts";
import type { MatchExtension, OptionSpec } from "../extension.ts";
import { parameter, type Family } from "../row.ts";

interface Range {
  readonly from: string;
  readonly to: string;
  readonly not?: true;
}

interface IprangeOptions {
  readonly source?: Range;
  readonly destination?: Range;
}

function isOf(family: Family, text: string): boolean {
  const value = parseAddress(text);
  return value !== undefined && (typeof value === "number") === (family === 4);
}

function rangeOption(key: string, option: string): OptionSpec {
  return {
    key,
    words: 1,
    not: true,
    read([text], context) {
      const { family } = context;
      const [from, to = from] = text!.split("-") as [string, string?];
      for (const end of [from, to])
        if (!isOf(family, end)) return parameter(`iprange: Bad value for "${option}" option: "${end}"`);
      if (compareAddresses(address(from), address(to)) > 0)
        context.warn(`xt_iprange: range ${from}-${to} is reversed and will never match\n`);
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
      const [low, high] = [address(range.from), address(range.to)];
      const not = range.not ?? false;
      return (value: Address) =>
        typeof value === typeof low &&
        (compareAddresses(value, low) >= 0 && compareAddresses(value, high) <= 0) !== not;
    };
    const [fromFits, toFits] = [test(source), test(destination)];
    return (packet) => fromFits(packet.src) && toFits(packet.dst);
  },
};
