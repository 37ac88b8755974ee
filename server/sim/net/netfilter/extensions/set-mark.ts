import { hex, readNumber, type GivenOptions, type TargetExtension } from "../extension.ts";
import { parameter } from "../row.ts";
import { readMark, type MarkOptions } from "./mark.ts";

/** New mark = (old and not mask) xor value. */
export interface XmarkOptions {
  readonly value: number;
  readonly mask: number;
}

const ALL = 0xffff_ffff;

/** The ways to say it: `--set-xmark`, `--set-mark` (or instead of xor), `--or-mark`, `--and-mark`, `--xor-mark`. */
export function markOptions(target: string): TargetExtension["options"] {
  const single = (option: string, make: (value: number) => XmarkOptions): TargetExtension["options"][string] => ({
    key: "mark",
    words: 1,
    read([text]) {
      const value = readNumber(text!);
      if (value !== undefined) return make(value);
      return parameter(`${target}: bad value for option "${option}", or out of range (0-4294967295).\n`);
    },
  });
  const masked = (option: string, make: (wish: MarkOptions) => XmarkOptions): TargetExtension["options"][string] => ({
    key: "mark",
    words: 1,
    read([text]) {
      const wish = readMark(target, option, text!);
      return "problem" in wish ? wish : make(wish);
    },
  });
  return {
    "--set-xmark": masked("--set-xmark", ({ value, mask }) => ({ value, mask })),
    "--set-mark": masked("--set-mark", ({ value, mask }) => ({ value, mask: (value | mask) >>> 0 })),
    "--or-mark": single("--or-mark", (value) => ({ value, mask: value })),
    "--and-mark": single("--and-mark", (value) => ({ value: 0, mask: ~value >>> 0 })),
    "--xor-mark": single("--xor-mark", (value) => ({ value, mask: 0 })),
  };
}

/** ` or 0x4000`, ` set 0x1`, ` xset 0x10/0xf0`: the shortest way to say it. */
export function listXmark({ value, mask }: XmarkOptions): string {
  if (value === 0) return ` and ${hex(~mask)}`;
  if (value === mask) return ` or ${hex(value)}`;
  if (mask === 0) return ` xor ${hex(value)}`;
  return mask === ALL ? ` set ${hex(value)}` : ` xset ${hex(value)}/${hex(mask)}`;
}

export function xmark(old: number, { value, mask }: XmarkOptions): number {
  return ((old & ~mask) ^ value) >>> 0;
}

export function givenMark(given: GivenOptions): XmarkOptions | undefined {
  return given.get("mark")?.value as XmarkOptions | undefined;
}

export const MARK: TargetExtension = {
  kind: "target",
  name: "MARK",
  options: markOptions("MARK"),
  finish(given) {
    const wish = givenMark(given);
    return wish ? { ...wish } : parameter("MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required");
  },
  save(options) {
    const { value, mask } = options as unknown as XmarkOptions;
    return ` --set-xmark ${hex(value)}/${hex(mask)}`;
  },
  list: (options) => ` MARK${listXmark(options as unknown as XmarkOptions)}`,
  compile(options) {
    const wish = options as unknown as XmarkOptions;
    return (packet) => {
      packet.mark = xmark(packet.mark, wish);
      return "continue";
    };
  },
};
