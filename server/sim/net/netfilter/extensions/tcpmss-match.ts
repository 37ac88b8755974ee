import { SYN } from "../../walk/packet.ts";
import { readNumber, type MatchExtension } from "../extension.ts";
import { TCP } from "../protocols.ts";
import { parameter, type Problem } from "../row.ts";

interface MssRange {
  readonly from: number;
  readonly to: number;
}

/** The largest segment that a SYN offers; other packets say nothing of it. */
export const tcpmss: MatchExtension = {
  kind: "match",
  name: "tcpmss",
  protocol: TCP,
  header: true,
  options: { "--mss": { key: "mss", words: 1, not: true, read: ([text]) => readRange(text!) } },
  finish(given) {
    const wish = given.get("mss");
    if (!wish) return parameter('tcpmss: option "--mss" must be specified\n');
    return { ...(wish.value as MssRange), ...(wish.not ? { not: true as const } : {}) };
  },
  save: (options) => `${options["not"] ? " !" : ""} --mss ${rangeText(options as unknown as MssRange)}`,
  list: (options) => ` tcpmss match ${options["not"] ? "!" : ""}${rangeText(options as unknown as MssRange)}`,
  compile(options) {
    const { from, to, not = false } = options as unknown as MssRange & { not?: boolean };
    return ({ flags, mss }) => {
      const says = (flags & SYN) !== 0 && mss > 0;
      return (says && mss >= from && mss <= to) !== not;
    };
  },
};

function readRange(text: string): MssRange | Problem {
  const [first, second = first] = text.split(":") as [string, string?];
  const [from, to] = [readNumber(first, 65_535), readNumber(second, 65_535)];
  if (from === undefined || to === undefined)
    return parameter(`tcpmss: bad value for option "--mss" near "${text}", or out of range (0-65535).\n`);
  return from > to ? parameter("tcpmss: invalid range given") : { from, to };
}

function rangeText({ from, to }: MssRange): string {
  return from === to ? String(from) : `${from}:${to}`;
}
