import { hex, readNumber, type MatchExtension, type OptionSpec } from "../extension.ts";
import { parameter, type Problem } from "../row.ts";

/** A mark as it is asked for: `value` in the bits of `mask`. */
export interface MarkOptions {
  readonly value: number;
  readonly mask: number;
  readonly not?: true;
}

/** `0x4000/0x4000`; without a mask all bits. */
export function readMark(extension: string, option: string, text: string): MarkOptions | Problem {
  const [first, second, rest] = text.split("/");
  if (rest !== undefined) return parameter(`${extension}: trailing garbage after value for option "${option}".\n`);
  const value = readNumber(first!);
  const mask = second === undefined ? 0xffff_ffff : readNumber(second);
  if (value === undefined || mask === undefined)
    return parameter(`${extension}: bad integer value for option "${option}", or out of range.\n`);
  return { value, mask };
}

export function markText({ value, mask }: MarkOptions): string {
  return mask === 0xffff_ffff ? hex(value) : `${hex(value)}/${hex(mask)}`;
}

export function markOption(extension: string): OptionSpec {
  return { key: "mark", words: 1, not: true, read: ([text]) => readMark(extension, "--mark", text!) };
}

export const mark: MatchExtension = {
  kind: "match",
  name: "mark",
  options: { "--mark": markOption("mark") },
  finish(given) {
    const wish = given.get("mark");
    if (!wish) return parameter('mark: option "--mark" must be specified\n');
    return { ...(wish.value as MarkOptions), ...(wish.not ? { not: true as const } : {}) };
  },
  save(options) {
    const wish = options as unknown as MarkOptions;
    return `${wish.not ? " !" : ""} --mark ${markText(wish)}`;
  },
  list(options) {
    const wish = options as unknown as MarkOptions;
    return ` mark match${wish.not ? " !" : ""} ${markText(wish)}`;
  },
  compile(options) {
    const { value, mask, not = false } = options as unknown as MarkOptions & { not?: boolean };
    return (packet) => ((packet.mark & mask) >>> 0 === value >>> 0) !== not;
  },
};
