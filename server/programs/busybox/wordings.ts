import type { Rewording } from "./rewording.ts";

/** What sets an applet's way with arguments and errors apart, beside its usage (usages.json). */
export interface Wording {
  /** Options that its usage does not tell, as for getopt(3). */
  readonly hidden?: string;
  readonly longs?: Readonly<Record<string, string>>;
  /** Operands without which it shows its usage, if they are more than the one of usages.json. */
  readonly least?: number;
  /** Options end at the first operand. */
  readonly stops?: true;
  /** It reads its arguments itself: they are operands or an expression. */
  readonly ownArguments?: true;
  /** An option `-e` or `-f` stands for the first operand. */
  readonly pattern?: true;
  /** The arguments that make the shared program do what busybox's does. */
  rewrite?(args: readonly string[], operands: readonly string[]): readonly string[];
  /** `{usage}` in the new words stands for the usage. */
  readonly rewordings?: readonly Rewording[];
  /** The same for what it prints. */
  readonly outputs?: readonly Rewording[];
  /** Exit codes that differ: those of coreutils and its like, and busybox's. */
  readonly codes?: Readonly<Record<number, number>>;
}

/** `for reading` and quotes are coreutils'; `can't` is busybox's. */
const EXECUTE: Rewording = [/: (?:failed to run command )?'(.*)': (No such file or directory|Permission denied)$/gm, ": can't execute '$1': $2"]; // prettier-ignore
const INVALID_NUMBER: Rewording = [/: (?:.*[Ii]nvalid (?:number|time interval)|invalid count|invalid \w+ value):? ?['"](.*?)['"].*/g, ": invalid number '$1'"]; // prettier-ignore
const OPEN: Rewording = [/: (?:cannot open |failed to open )'?(.*?)'?(?: for reading)?: /g, ": $1: "];
const CANT_OPEN: Rewording = [/: (?:cannot open |failed to open )?'?([^':\n]*)'?(?: for reading)?: (?=No such|Permission)/g, ": can't open '$1': "]; // prettier-ignore
const NO_OPERAND: Rewording = [/^\w+: (?:missing|extra) operand.*\n(?:Two strings.*\n)?/gm, "{usage}"];
const GZIP: readonly Rewording[] = [
  [/^gzip: (.*?)(?:\.gz)?: No such file/gm, "{name}: $1: No such file"],
  [/^gzip: (.*): unknown suffix -- ignored/gm, "{name}: $1: unknown suffix - ignored"],
  [/^gzip: /gm, "{name}: "],
];
const SUMS: Wording = { rewordings: [CANT_OPEN] };
const USER: Rewording = [/: '(.*)': no such user/g, ": unknown user $1"];

export const WORDINGS: Readonly<Record<string, Wording>> = {
  awk: {
    stops: true,
    pattern: true,
    rewordings: [
      // What its output could not be written to.
      [/^\w+: (\/.*): (No such file or directory|Permission denied)$/gm, "awk: can't open '$1': $2"],
      [/^awk: cannot open "(.*)" \((.*)\)$/gm, "awk: $1: $2"],
      [/^awk: line \d+: runaway string constant.*/gm, "awk: cmd. line:1: Unexpected end of string"],
      [/^awk: line \d+: function \S+ never defined/gm, "awk: cmd. line:1: Call to undefined function"],
      [/^awk: line \d+: not enough arguments in call.*/gm, "awk: cmd. line:1: Too few arguments"],
      [/^awk: line \d+: (?:missing|syntax error|unexpected|extra|illegal|invalid).*(?:\n .*)*/gm, "awk: cmd. line:1: Unexpected token"], // prettier-ignore
    ],
    codes: { 2: 1 },
  },
  basename: { rewordings: [NO_OPERAND] },
  base64: { rewordings: [[/: invalid input/g, ": truncated input"]] },
  cal: {
    outputs: [
      [/^ +$/gm, " ".repeat(21)],
      [/^(.*\S) +$/gm, "$1"],
    ],
    rewordings: [[/^cal: (\d+) is neither .*/gm, "cal: number $1 is not in 1..12 range"]],
    codes: { 64: 1 },
  },
  chgrp: {
    rewordings: [
      [/cannot access '(.*?)': /g, "$1: "],
      [/invalid group: '(.*?)'/g, "unknown group $1"],
    ],
  },
  cmp: { outputs: [[/ differ: byte (\d+), /g, " differ: char $1, "]] },
  dd: {
    ownArguments: true,
    rewordings: [
      [/: failed to open '(.*)': /g, ": can't open '$1': "],
      [/^dd: unrecognized operand.*\n/gm, "{usage}"],
      INVALID_NUMBER,
    ],
  },
  diff: {
    hidden: "upE",
    // Its output is always unified, and its headings have no times.
    rewrite: (args, [one = "", two = ""]) => ["-u", "-L", one, "-L", two, ...args],
    least: 2,
    rewordings: [
      [/^diff: ([^':]*): No such file or directory/gm, "diff: can't stat '$1': No such file or directory"],
      [/^diff: missing operand.*\n(?:diff: Try.*\n)?/gm, "{usage}"],
    ],
  },
  dirname: { least: 1, ownArguments: true, rewordings: [NO_OPERAND] },
  env: { stops: true, rewordings: [EXECUTE] },
  expr: {
    ownArguments: true,
    rewordings: [
      [/: missing operand/g, ": too few arguments"],
      [/: syntax error.*/g, ": syntax error"],
      [/: non-integer argument/g, ": non-numeric argument"],
    ],
  },
  find: {
    ownArguments: true,
    rewordings: [
      [/^find: '(.*?)': /gm, "find: $1: "],
      [/^find: unknown predicate `(.*)'\n/gm, "find: unrecognized: $1\n{usage}"],
      [/^find: missing argument to `(.*)'/gm, "find: $1 requires an argument"],
      [/^find: Unknown argument to (\S+): (.*)/gm, "find: invalid argument '$2' to '$1'"],
      [/^find: Expected a positive decimal integer argument to \S+, but got '(.*)'/gm, "find: invalid number '$1'"],
      [/^find: invalid (?:argument|-size type) `(.*?)'.*/gm, "find: invalid number '$1'"],
      [/^find: invalid expression; I was expecting.*/gm, "find: unpaired '('"],
    ],
  },
  groups: { rewordings: [USER] },
  gunzip: { hidden: "n", rewordings: GZIP, codes: { 2: 1 } },
  gzip: { hidden: "123456789n", rewordings: GZIP, codes: { 2: 1 } },
  hexdump: { rewordings: [[/^hexdump: all input file arguments failed\n/gm, ""]] },
  hostname: { codes: { 255: 1 } },
  id: { rewordings: [USER] },
  kill: {
    ownArguments: true,
    rewordings: [
      [/^kill: \((\d+)\): /gm, "kill: can't kill pid $1: "],
      [/^kill: \((\d+)\) - /gm, "kill: can't kill pid $1: "],
      [/^\nUsage:\n kill [\s\S]*/g, "kill: you need to specify whom to kill\n"],
    ],
  },
  killall: {
    ownArguments: true,
    rewordings: [
      [/^(?:killall: )?(\S+): no process found/gm, "killall: $1: no process killed"],
      [/^(\S+): unknown signal; killall -l lists signals\./gm, "killall: bad signal name '$1'"],
    ],
  },
  less: { ownArguments: true, rewordings: [[/^([^:\n]*): No such file/gm, "less: can't open '$1': No such file"]] },
  md5sum: SUMS,
  mktemp: {
    rewordings: [
      [/: failed to create (?:file|directory) via template '.*': /g, ": (null): "],
      [/: too few X's in template .*/g, ": (null): Invalid argument"],
    ],
  },
  more: { rewordings: [CANT_OPEN] },
  mount: {
    ownArguments: true,
    codes: { 32: 255 },
  },
  printf: {
    ownArguments: true,
    rewordings: [
      NO_OPERAND,
      [/: '(.*)': expected a numeric value/g, ": invalid number '$1'"],
      [/: (%\S*): invalid conversion specification/g, ": $1: invalid format"],
    ],
  },
  readlink: { rewordings: [NO_OPERAND] },
  rev: { rewordings: [OPEN] },
  seq: { rewordings: [[/^seq: invalid floating point argument: .*\n/gm, "{usage}"]], hidden: "" },
  setsid: { stops: true, rewordings: [EXECUTE] },
  sha1sum: SUMS,
  sha256sum: SUMS,
  sha512sum: SUMS,
  stat: { rewordings: [[/cannot statx '(.*?)': /g, "can't stat '$1': "]] },
  strings: { rewordings: [[/: '(.*)': No such file$/gm, ": $1: No such file or directory"]] },
  sysctl: {
    hidden: "A",
    rewordings: [
      [/: cannot stat \/proc\/sys\/(.*): No such file or directory/g, ": error: '$1' is an unknown key"],
      [/: setting key ".*": /g, ": write error: "],
    ],
  },
  tac: { rewordings: [OPEN] },
  timeout: { stops: true, rewordings: [EXECUTE, INVALID_NUMBER], codes: { 124: 143, 125: 1 } },
  tr: { hidden: "C", stops: true, rewordings: [NO_OPERAND] },
  truncate: { rewordings: [[/^truncate: you must specify .*\n/gm, "{usage}"], INVALID_NUMBER] },
  umount: {
    hidden: "n",
    rewordings: [
      [/^umount: (.*): no mount point specified\./gm, "umount: can't unmount $1: No such file or directory"],
      [/^umount: (.*): not mounted\.?/gm, "umount: can't unmount $1: Invalid argument"],
    ],
    codes: { 32: 1 },
  },
  watch: { hidden: "d", stops: true, least: 1 },
  xargs: {
    stops: true,
    rewordings: [
      [/: unmatched (\w+) quote;.*/g, ": unmatched $1 quote"],
      [/: invalid number "(.*)" for -\w option/g, ": invalid number '$1'"],
      EXECUTE,
    ],
  },
  xxd: { codes: { 2: 1 } },
  zcat: { rewordings: GZIP, codes: { 2: 1 } },
};
