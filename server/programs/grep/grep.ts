import type { Process, Program } from "../../sim/host/index.ts";
import { RegexLimitError } from "../../shell/regex/index.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { colorsOf } from "./colors.ts";
import { patternsOf, type Matcher } from "./patterns.ts";
import { Search, type SearchRules } from "./search.ts";
import { visit, type VisitRules } from "./visit.ts";

const FLAGS = {
  extended: { short: "E", long: "extended-regexp", help: "PATTERNS are extended regular expressions" },
  fixed: { short: "F", long: "fixed-strings", help: "PATTERNS are strings" },
  basic: { short: "G", long: "basic-regexp", help: "PATTERNS are basic regular expressions" },
  perl: { short: "P", long: "perl-regexp", help: "PATTERNS are Perl regular expressions" },
  regexp: { short: "e", long: "regexp", arg: "PATTERNS", help: "use PATTERNS for matching" },
  file: { short: "f", long: "file", arg: "FILE", help: "take PATTERNS from FILE" },
  ignoreCase: { short: "iy", long: "ignore-case", help: "ignore case distinctions in patterns and data" },
  noIgnoreCase: { long: "no-ignore-case", help: "do not ignore case distinctions (default)" },
  word: { short: "w", long: "word-regexp", help: "match only whole words" },
  line: { short: "x", long: "line-regexp", help: "match only whole lines" },
  zero: { short: "z", long: "null-data", help: "a data line ends in 0 byte, not newline" },
  noMessages: { short: "s", long: "no-messages", help: "suppress error messages" },
  invert: { short: "v", long: "invert-match", help: "select non-matching lines" },
  showVersion: { short: "V", help: "display version information and exit" },
  max: { short: "m", long: "max-count", arg: "NUM", help: "stop after NUM selected lines" },
  byteOffset: { short: "b", long: "byte-offset", help: "print the byte offset with output lines" },
  lineNumber: { short: "n", long: "line-number", help: "print line number with output lines" },
  lineBuffered: { long: "line-buffered", help: "flush output on every line (it is, before grep waits)" },
  withName: { short: "H", long: "with-filename", help: "print file name with output lines" },
  noName: { short: "h", long: "no-filename", help: "suppress the file name prefix on output" },
  label: { long: "label", arg: "LABEL", help: "use LABEL as the standard input file name prefix" },
  only: { short: "o", long: "only-matching", help: "show only nonempty parts of lines that match" },
  quiet: { short: "q", long: "quiet", help: "suppress all normal output" },
  silent: { long: "silent" },
  binaryFiles: { long: "binary-files", arg: "TYPE", help: "assume that binary files are TYPE; TYPE is 'binary', 'text', or 'without-match'" }, // prettier-ignore
  text: { short: "a", long: "text", help: "equivalent to --binary-files=text" },
  noBinary: { short: "I", help: "equivalent to --binary-files=without-match" },
  directories: { short: "d", long: "directories", arg: "ACTION", help: "how to handle directories; ACTION is 'read', 'recurse', or 'skip'" }, // prettier-ignore
  devices: { short: "D", long: "devices", arg: "ACTION", simulated: false },
  recursive: { short: "r", long: "recursive", help: "like --directories=recurse" },
  dereference: { short: "R", long: "dereference-recursive", help: "likewise, but follow all symlinks" },
  include: { long: "include", arg: "GLOB", help: "search only files that match GLOB (a file pattern)" },
  exclude: { long: "exclude", arg: "GLOB", help: "skip files that match GLOB" },
  excludeFrom: { long: "exclude-from", arg: "FILE", simulated: false },
  excludeDir: { long: "exclude-dir", arg: "GLOB", help: "skip directories that match GLOB" },
  withoutMatch: { short: "L", long: "files-without-match", help: "print only names of FILEs with no selected lines" },
  withMatch: { short: "l", long: "files-with-matches", help: "print only names of FILEs with selected lines" },
  count: { short: "c", long: "count", help: "print only a count of selected lines per FILE" },
  initialTab: { short: "T", long: "initial-tab", simulated: false },
  null: { short: "Z", long: "null", help: "print 0 byte after FILE name" },
  before: { short: "B", long: "before-context", arg: "NUM", help: "print NUM lines of leading context" },
  after: { short: "A", long: "after-context", arg: "NUM", help: "print NUM lines of trailing context" },
  context: { short: "C", long: "context", arg: "NUM", help: "print NUM lines of output context" },
  groupSeparator: { long: "group-separator", arg: "SEP", help: "print SEP on line between matches with context" },
  noGroupSeparator: { long: "no-group-separator", help: "do not print separator for matches with context" },
  color: { long: "color", arg: "WHEN", optional: true, help: "use markers to highlight the matching strings; WHEN is 'always', 'never', or 'auto'" }, // prettier-ignore
  colour: { long: "colour", arg: "WHEN", optional: true },
  binary: { short: "U", long: "binary", help: "do not strip CR characters at EOL (no effect)" },
} as const;

export const grep = tool({
  name: "grep",
  package: "grep",
  title: "grep (GNU grep)",
  summary: "print lines that match patterns",
  usage: ["[OPTION]... PATTERNS [FILE]..."],
  about:
    "Search for PATTERNS in each FILE.\nExample: grep -i 'hello world' menu.h main.c\nPATTERNS can contain multiple patterns separated by newlines.",
  tellsUsage: true,
  trouble: 2,
  flags: FLAGS,
  rewrite: contextNumbers,
  run: main,
});

export const egrep = obsolescent("egrep", "-E");
export const fgrep = obsolescent("fgrep", "-F");

/** Debian's egrep and fgrep: scripts that run grep with an option. */
function obsolescent(name: string, option: string): Program {
  return { name, summary: grep.summary, run: (process: Process, args) => grep.run(process, [option, ...args]) };
}

/** `-5` and `-i5` are context numbers. */
function contextNumbers(args: readonly string[]): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.flatMap((arg, at) => {
    const isValue = /^-[A-Za-z]*[ABCDdefmX]$/.test(args[at - 1] ?? "");
    if (at >= end || isValue || !/^-[A-Za-z]*\d/.test(arg)) return [arg];
    const match = /^-([^ABCDdefmX\d]*)(\d+)(.*)$/.exec(arg);
    if (!match) return [arg];
    const letters = match[1]! + match[3]!;
    return [`-C${match[2]!}`, ...(letters === "" ? [] : [`-${letters}`])];
  });
}

async function main(call: Call<Extract<keyof typeof FLAGS, string>>): Promise<number> {
  const { process, options } = call;
  if (call.has("showVersion")) {
    await call.out.print("grep (GNU grep) 3.11\n");
    return 0;
  }
  const context: Record<string, number> = {};
  for (const flag of ["context", "before", "after"] as const) {
    const text = call.value(flag);
    if (text === undefined) continue;
    if (!/^\d+$/.test(text)) return call.fail(`${text}: invalid context length argument`);
    context[flag] = Number(text);
  }
  const most = call.value("max");
  if (most !== undefined && !/^-?\d+$/.test(most)) return call.fail("invalid max count");
  const when = call.value("color") ?? call.value("colour");
  const colored = call.has("color") || call.has("colour");
  if (when !== undefined && !["always", "yes", "force", "never", "no", "none", "auto", "tty", "if-tty"].includes(when))
    return call.usage();
  const binaryFiles = call.value("binaryFiles");
  if (binaryFiles !== undefined && !["binary", "text", "without-match"].includes(binaryFiles))
    return call.fail("unknown binary-files type");
  const action = call.value("directories");
  if (action !== undefined && !["read", "recurse", "skip"].includes(action)) {
    const chosen = await call.choose("--directories", action, [
      [["read"], 0],
      [["recurse"], 0],
      [["skip"], 0],
    ]);
    if (typeof chosen === "number") return chosen;
  }

  const patterns = await patternsOf(call);
  if (patterns === undefined) return call.usage();
  if (typeof patterns === "number") return patterns;

  const directoryFlag = options.lastOf("recursive", "dereference", "directories");
  const recursive = directoryFlag === "recursive" || directoryFlag === "dereference" || (directoryFlag === "directories" && action === "recurse"); // prettier-ignore
  const files = patterns.files.length > 0 ? patterns.files : [recursive ? "." : "-"];
  const names = options.lastOf("withName", "noName");
  const listing = options.lastOf("withMatch", "withoutMatch");
  const output = process.fds.find(1);
  const quiet = call.has("quiet") || call.has("silent");
  const auto = when === "auto" || when === "tty" || when === "if-tty";
  const isColored =
    colored &&
    !["never", "no", "none"].includes(when ?? "") &&
    (!auto || (process.isTty(1) && process.env["TERM"] !== "dumb"));
  const binaryFlag = options.lastOf("text", "noBinary", "binaryFiles");
  const rules: SearchRules = {
    invert: call.has("invert"),
    most: most === undefined || Number(most) < 0 ? Infinity : Number(most),
    before: context["before"] ?? context["context"] ?? 0,
    after: context["after"] ?? context["context"] ?? 0,
    mode: quiet || output?.name === "/dev/null" ? "quiet" : listing !== undefined ? (listing === "withMatch" ? "names" : "other names") : call.has("count") ? "count" : "lines", // prettier-ignore
    only: call.has("only"),
    lineNumber: call.has("lineNumber"),
    byteOffset: call.has("byteOffset"),
    name:
      names === "withName" ||
      (names === undefined && files.length > 1) ||
      (names === undefined && recursive ? "below" : false),
    nameEnd: call.has("null") ? "\0" : undefined,
    end: call.has("zero") ? "\0" : "\n",
    binary:
      binaryFlag === "text" || (binaryFlag === "binaryFiles" && binaryFiles === "text")
        ? "text"
        : binaryFlag === "noBinary" || (binaryFlag === "binaryFiles" && binaryFiles === "without-match")
          ? "skip"
          : "tell",
    separator: call.has("noGroupSeparator") && options.lastOf("noGroupSeparator", "groupSeparator") === "noGroupSeparator" ? undefined : (call.value("groupSeparator") ?? "--"), // prettier-ignore
    colors: isColored ? colorsOf(process.env["GREP_COLORS"], call.has("invert")) : undefined,
    stdinName: call.value("label") ?? "(standard input)",
  };
  const visits: VisitRules = {
    directories: recursive
      ? directoryFlag === "dereference"
        ? "follow"
        : "recurse"
      : action === "skip"
        ? "skip"
        : "read",
    include: options.given.flatMap(({ flag, value }) => (flag === "include" || flag === "exclude" ? [{ glob: value!, include: flag === "include" }] : [])), // prettier-ignore
    excludeDirectories: options.values("excludeDir"),
    silent: call.has("noMessages"),
  };
  return searchAll(call, files, patterns.matcher, rules, visits);
}

async function searchAll(
  call: Call<string>,
  files: readonly string[],
  matcher: Matcher,
  rules: SearchRules,
  visits: VisitRules,
): Promise<number> {
  const search = new Search(call, matcher, rules);
  try {
    for (const file of files) {
      await visit(call, file, visits, (path, open, depth) => search.file(path, open, depth));
      if (search.satisfied) break;
    }
  } catch (error) {
    if (!(error instanceof RegexLimitError)) throw error;
    await call.out.flush();
    await call.process.error(`drydock: grep: ${error.message}\n`);
    return 2;
  }
  if (rules.mode === "quiet" && search.selected) return 0;
  return call.status !== 0 ? call.status : search.selected ? 0 : 1;
}
