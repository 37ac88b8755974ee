import { attempt, basename, Errno, join, resolve, type Stat } from "../../sim/host/index.ts";
import { closeOperand, openOperand, readWhole, splitLines } from "../gnu/input.ts";
import { strftime, zoneOf } from "../gnu/strftime.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { edits } from "./edits.ts";
import { normal, unified, type Side } from "./formats.ts";

const CONTEXT = 3;

export const diff = tool({
  name: "diff",
  package: "diffutils",
  title: "diff (GNU diffutils)",
  summary: "compare files line by line",
  usage: ["[OPTION]... FILES"],
  about: "Compare FILES line by line.",
  trouble: 2,
  flags: {
    normal: { long: "normal", help: "output a normal diff (the default)" },
    brief: { short: "q", long: "brief", help: "report only when files differ" },
    identical: { short: "s", long: "report-identical-files", help: "report when two files are the same" },
    unified: { short: "u", help: "output 3 lines of unified context" },
    unifiedLines: {
      short: "U",
      long: "unified",
      arg: "NUM",
      optional: true,
      help: "output NUM lines of unified context",
    },
    recursive: { short: "r", long: "recursive", help: "recursively compare any subdirectories found" },
    newFile: { short: "N", long: "new-file", help: "treat absent files as empty" },
    ignoreCase: { short: "i", long: "ignore-case", help: "ignore case differences in file contents" },
    ignoreTrailing: { short: "Z", long: "ignore-trailing-space", help: "ignore white space at line end" },
    ignoreAmount: { short: "b", long: "ignore-space-change", help: "ignore changes in the amount of white space" },
    ignoreSpace: { short: "w", long: "ignore-all-space", help: "ignore all white space" },
    label: { short: "L", long: "label", arg: "LABEL", help: "use LABEL instead of file name and timestamp" },
    text: { short: "a", long: "text", help: "treat all files as text" },
    context: { short: "cC", long: "context", simulated: false },
    sideBySide: { short: "y", long: "side-by-side", simulated: false },
    width: { short: "W", long: "width", simulated: false },
    blankLines: { short: "B", long: "ignore-blank-lines", simulated: false },
    ed: { short: "e", long: "ed", simulated: false },
    color: { long: "color", simulated: false },
  },
  async run(call) {
    const [one, two, extra] = call.operands;
    if (one === undefined || two === undefined)
      return usage(call, `missing operand after '${one ?? call.process.argv.at(-1) ?? call.name}'`);
    if (extra !== undefined) return usage(call, `extra operand '${extra}'`);
    const lines = call.value("unifiedLines");
    if (lines !== undefined && !/^\d+$/.test(lines)) return usage(call, `invalid context length '${lines}'`);
    return new Comparison(call).operands(one, two);
  },
});

async function usage(call: Call<string>, problem: string): Promise<number> {
  await call.say(problem);
  return call.fail(`Try '${call.name} --help' for more information.`);
}

/** One call: what it compares and how it tells. Codes: 0 the same, 1 different, 2 trouble. */
class Comparison {
  readonly #call: Call<string>;

  constructor(call: Call<string>) {
    this.#call = call;
  }

  async operands(one: string, two: string): Promise<number> {
    const [a, b] = [this.#stat(one), this.#stat(two)];
    // A directory and a file: the file of that name in the directory.
    if (!(a instanceof Errno) && !(b instanceof Errno) && a?.type !== b?.type) {
      if (a?.type === "dir" && two !== "-") return this.files(join(one, basename(two)), two);
      if (b?.type === "dir" && one !== "-") return this.files(one, join(two, basename(one)));
    }
    const bothAreDirectories = !(a instanceof Errno) && a?.type === "dir" && !(b instanceof Errno) && b?.type === "dir";
    return bothAreDirectories ? this.#directories(one, two) : this.files(one, two);
  }

  /** Of standard input, undefined. */
  #stat(path: string): Stat | Errno | undefined {
    const { process } = this.#call;
    return path === "-" ? undefined : attempt(() => process.host.files.stat(resolve(process.cwd, path), process));
  }

  async #directories(one: string, two: string): Promise<number> {
    const call = this.#call;
    const { process } = call;
    const listed = [one, two].map((path) =>
      attempt(() => process.host.files.list(resolve(process.cwd, path), process)),
    );
    for (const [at, names] of listed.entries())
      if (names instanceof Errno) return call.fail(`${[one, two][at]!}: ${names.message}`);
    const [left, right] = listed as [string[], string[]];
    let code = 0;
    for (const name of [...new Set([...left, ...right])].sort()) {
      const [a, b] = [join(one, name), join(two, name)];
      if (!call.has("newFile") && (!left.includes(name) || !right.includes(name))) {
        await call.out.print(`Only in ${left.includes(name) ? one : two}: ${name}\n`);
        code = Math.max(code, 1);
        continue;
      }
      code = Math.max(code, await this.#members(a, b));
    }
    return code;
  }

  async #members(a: string, b: string): Promise<number> {
    const call = this.#call;
    const [one, two] = [this.#stat(a), this.#stat(b)];
    const [first, second] = [one, two].map((stat) => (stat instanceof Errno || !stat ? undefined : stat.type));
    if (first === "dir" && second === "dir") {
      if (call.has("recursive")) return this.#directories(a, b);
      await call.out.print(`Common subdirectories: ${a} and ${b}\n`);
      return 0;
    }
    if (first !== undefined && second !== undefined && first !== second) {
      const words = (type: string): string => (type === "dir" ? "directory" : "regular file");
      await call.out.print(`File ${a} is a ${words(first)} while file ${b} is a ${words(second)}\n`);
      return 1;
    }
    const given = call.process.argv.slice(1).filter((word) => word.startsWith("-") && word !== "-");
    return this.files(a, b, `${["diff", ...given].join(" ")} ${a} ${b}\n`);
  }

  /** Compares two files; `head` is printed before what differs. */
  async files(one: string, two: string, head = ""): Promise<number> {
    const call = this.#call;
    const sides: Side[] = [];
    let trouble = false;
    for (const path of [one, two]) {
      const side = await this.#read(path);
      if (side) sides.push(side);
      else trouble = true;
    }
    if (trouble) return 2;
    const [a, b] = sides as [Side, Side];
    const changes = edits(this.#keys(a), this.#keys(b));
    if (changes.length === 0) {
      if (call.has("identical")) await call.out.print(`Files ${one} and ${two} are identical\n`);
      return 0;
    }
    if (call.has("brief")) await call.out.print(`Files ${one} and ${two} differ\n`);
    else if ([a, b].some(({ lines }) => lines.some((line) => line.includes("\0"))) && !call.has("text"))
      await call.out.print(`Binary files ${one} and ${two} differ\n`);
    else if (call.has("unified") || call.has("unifiedLines")) {
      const context = Number(call.value("unifiedLines") ?? CONTEXT);
      const names = `--- ${this.#label(one, 0)}\n+++ ${this.#label(two, 1)}\n`;
      await call.out.print(head + names + unified(a, b, changes, context));
    } else await call.out.print(head + normal(a, b, changes));
    return 1;
  }

  async #read(path: string): Promise<Side | undefined> {
    const call = this.#call;
    const file = openOperand(call.process, path);
    if (file instanceof Errno) {
      if (call.has("newFile") && file.code === "ENOENT") return { lines: [], endsOpen: false };
      await call.warn(`${path}: ${file.message}`);
      return undefined;
    }
    try {
      const text = await readWhole(call.process, file, call.out);
      return { lines: splitLines(text), endsOpen: text !== "" && !text.endsWith("\n") };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await call.warn(`${path}: ${error.message}`);
      return undefined;
    } finally {
      closeOperand(call.process, file);
    }
  }

  /** The lines as they are compared. A last line without a newline is another one, unless white space does not count. */
  #keys({ lines, endsOpen }: Side): string[] {
    const call = this.#call;
    const noSpace = call.has("ignoreSpace");
    const amount = call.has("ignoreAmount");
    const trailing = noSpace || amount || call.has("ignoreTrailing");
    const keys = lines.map((line) => {
      let key = call.has("ignoreCase") ? line.toLowerCase() : line;
      if (noSpace) key = key.replace(/\s+/g, "");
      else if (amount) key = key.replace(/\s+$/, "").replace(/\s+/g, " ");
      else if (trailing) key = key.replace(/\s+$/, "");
      return key;
    });
    if (endsOpen && !trailing) keys.push(`${keys.pop()!}\n`);
    return keys;
  }

  /** `pod.yaml<tab>2026-11-21 10:00:00.000000000 +0000` */
  #label(path: string, at: 0 | 1): string {
    const { process } = this.#call;
    const given = this.#call.options.values("label")[at];
    if (given !== undefined) return given;
    const stat = this.#stat(path);
    const time = stat === undefined || stat instanceof Errno ? process.now : stat.mtime;
    return `${path}\t${strftime("%Y-%m-%d %H:%M:%S.%N %z", time, zoneOf(process.env["TZ"]))}`;
  }
}
