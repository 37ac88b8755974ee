import { Errno, type OpenFile } from "../../sim/host/index.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import { closeOperand, openOperand } from "../gnu/input.ts";
import { shellQuote } from "../gnu/quoting.ts";
import { parseSize } from "../gnu/size.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { follow, type Followed } from "./follow.ts";
import { copyLast, type Wanted } from "./last.ts";

export const tail = tool({
  name: "tail",
  package: "coreutils",
  summary: "output the last part of files",
  usage: ["[OPTION]... [FILE]..."],
  about:
    "Print the last 10 lines of each FILE to standard output.\nWith more than one FILE, precede each with a header giving the file name.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    bytes: { short: "c", long: "bytes", arg: "[+]NUM", help: "output the last NUM bytes; or use -c +NUM to output starting with byte NUM of each file" }, // prettier-ignore
    follow: { short: "f", help: "output appended data as the file grows" },
    followHow: { long: "follow", arg: "{name|descriptor}", optional: true, help: "the same; an absent option argument means 'descriptor'" }, // prettier-ignore
    followName: { short: "F", help: "same as --follow=name --retry" },
    lines: { short: "n", long: "lines", arg: "[+]NUM", help: "output the last NUM lines, instead of the last 10; or use -n +NUM to skip NUM-1 lines at the start" }, // prettier-ignore
    unchanged: { long: "max-unchanged-stats", arg: "N", simulated: false },
    pid: { long: "pid", arg: "PID", simulated: false },
    quiet: { short: "q", long: "quiet", help: "never output headers giving file names" },
    silent: { long: "silent" },
    retry: { long: "retry", help: "keep trying to open a file if it is inaccessible" },
    interval: { short: "s", long: "sleep-interval", arg: "N", help: "(no effect: changes are noticed at once)" },
    verbose: { short: "v", long: "verbose", help: "always output headers giving file names" },
    zero: { short: "z", long: "zero-terminated", help: "line delimiter is NUL, not newline" },
    misplaced: { short: "0123456789" },
  },
  rewrite(args) {
    const obsolete = /^([-+])(\d*)([bcl]?)(f?)$/.exec(args[0] ?? "");
    if (!obsolete || args[0] === "-" || args.length > 2 || !/\d/.test(args[0]!)) return args;
    const [, sign, count, unit, forever] = obsolete as unknown as [string, string, string, string, string];
    const number = `${sign === "+" ? "+" : ""}${count}${unit === "b" ? "b" : ""}`;
    const option = unit === "c" || unit === "b" ? "-c" : "-n";
    return [`${option}${number}`, ...(forever === "" ? [] : ["-f"]), ...args.slice(1)];
  },
  async run(call) {
    const { options, process, out } = call;
    const misplaced = options.given.find((one) => one.flag === "misplaced");
    if (misplaced) return call.fail(`option used in invalid context -- ${misplaced.as.slice(1)}`);
    const unit = options.lastOf("lines", "bytes") ?? "lines";
    const given = call.value(unit) ?? "10";
    const count = parseSize(given.replace(/^[-+]/, ""));
    if (count === undefined) return call.fail(`invalid number of ${unit}: ${call.quote(given)}`);
    const how = await call.choose("--follow", call.value("followHow") ?? "descriptor", [
      [["descriptor"], "descriptor"],
      [["name"], "name"],
    ]);
    if (typeof how === "number") return how;
    const interval = call.value("interval");
    if (interval !== undefined && !/^\d*\.?\d+$/.test(interval))
      return call.fail(`invalid number of seconds: ${call.quote(interval)}`);
    const wanted: Wanted = { unit, count, fromStart: given.startsWith("+"), delimiter: call.has("zero") ? "\0" : "\n" };
    const operands = call.operands.length > 0 ? call.operands : ["-"];
    const mode = options.lastOf("quiet", "silent", "verbose");
    const headers = mode === "verbose" || (mode === undefined && operands.length > 1);
    const following = call.has("follow") || call.has("followHow") || call.has("followName");
    const retry = call.has("retry") || call.has("followName");
    if (count === 0 && !wanted.fromStart && !following) return 0;
    if (retry && !following) await call.say("warning: --retry ignored; --retry is useful only when following");
    const byName = call.has("followName") || how.meaning === "name";
    const followed: Followed[] = [];
    let first = true;
    for (const operand of operands) {
      const shown = operand === "-" ? "standard input" : operand;
      const file = openOperand(process, operand);
      if (file instanceof Errno) {
        await call.warn(`cannot open ${shellQuote(operand)} for reading: ${file.message}`);
        if (following && (retry || byName)) followed.push({ path: operand, shown, file: undefined, gone: false });
        continue;
      }
      if (headers) await out.print(`${first ? "" : "\n"}==> ${shown} <==\n`);
      first = false;
      const end = await lastPart(call, file, shown, wanted);
      if (end === "copied" && following && (operand !== "-" || file.position)) {
        followed.push({ path: operand, shown, file, gone: false });
      } else {
        if (end === "directory" && following)
          await call.warn(`${shown}: cannot follow end of this type of file; giving up on this name`);
        if (operand !== "-") closeOperand(process, file);
      }
    }
    if (!following) return call.status;
    const usable = followed.filter(({ file }) => file !== undefined || retry);
    if (usable.length === 0) {
      const onlyPipe = operands.length === 1 && operands[0] === "-";
      if (!onlyPipe) await call.warn("no files remaining");
      return call.status;
    }
    process.spend(SECOND / 1_000_000);
    return follow(call, usable, { byName, retry, headers, lastShown: usable.at(-1)!.shown });
  },
});

async function lastPart(call: Call, file: OpenFile, shown: string, wanted: Wanted): Promise<"copied" | "directory"> {
  try {
    await copyLast(call.process, call.out, file, wanted);
    return "copied";
  } catch (error) {
    if (!(error instanceof Errno) || error.code !== "EISDIR") throw error;
    await call.warn(`error reading ${shellQuote(shown)}: ${error.message}`);
    return "directory";
  }
}
