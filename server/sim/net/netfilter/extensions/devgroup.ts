import type { LinkRow } from "../../link/row.ts";
import { hex, readNumber, type MatchExtension, type OptionSpec } from "../extension.ts";
import { parameter, type Problem } from "../row.ts";

interface Group {
  readonly group: number;
  readonly mask: number;
  readonly not?: true;
}

interface DevgroupOptions {
  readonly src?: Group;
  readonly dst?: Group;
}

const WHOLE = 0xffff_ffff;

function option(key: "src" | "dst"): OptionSpec {
  return { key, words: 1, not: true, read: ([text]) => readGroup(`--${key}-group`, text!) };
}

/** The groups that links were put into by `ip link set dev eth0 group 4`. */
export const devgroup: MatchExtension = {
  kind: "match",
  name: "devgroup",
  options: { "--src-group": option("src"), "--dst-group": option("dst") },
  finish(given) {
    const part = (key: "src" | "dst"): DevgroupOptions => {
      const wish = given.get(key);
      return wish ? { [key]: { ...(wish.value as Group), ...(wish.not ? { not: true } : {}) } } : {};
    };
    if (given.size === 0) return parameter("devgroup match: You must specify either '--src-group' or '--dst-group'");
    return { ...part("src"), ...part("dst") };
  },
  hooksFor(options) {
    const { src, dst } = options as DevgroupOptions;
    if (src && dst) return ["FORWARD"];
    return src ? ["PREROUTING", "INPUT", "FORWARD"] : ["FORWARD", "OUTPUT", "POSTROUTING"];
  },
  save: (options) => words(options, "--"),
  list: (options) => words(options, ""),
  compile(options) {
    const { src, dst } = options as DevgroupOptions;
    return (_, at) => (!src || fits(src, at.in)) && (!dst || fits(dst, at.out));
  },
};

function fits({ group, mask, not = false }: { group: number; mask: number; not?: boolean }, link: LinkRow | undefined) {
  return ((((link?.group ?? 0) ^ group) & mask) === 0) !== not;
}

function words(options: DevgroupOptions, dashes: string): string {
  return (["src", "dst"] as const)
    .map((side) => {
      const wish = options[side];
      if (!wish) return "";
      const mask = wish.mask === WHOLE ? "" : `/${hex(wish.mask)}`;
      return `${wish.not ? " !" : ""} ${dashes}${side}-group ${hex(wish.group)}${mask}`;
    })
    .join("");
}

function readGroup(name: string, text: string): Group | Problem {
  const [first, second] = text.split("/") as [string, string?];
  const group = readNumber(first);
  const mask = second === undefined ? WHOLE : readNumber(second);
  if (group !== undefined && mask !== undefined) return { group, mask };
  return parameter(`devgroup: could not map name ${text} to an integer value for option "${name}".\n`);
}
