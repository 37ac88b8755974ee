import type { Bytes } from "../sim/kernel/index.ts";
import { Errno, type OpenFile } from "../sim/host/index.ts";
import { blocks, chunks, closeOperand, nextChunk, openOperand } from "./gnu/input.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { parseSize } from "./gnu/size.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const head = tool({
  name: "head",
  package: "coreutils",
  summary: "output the first part of files",
  usage: ["[OPTION]... [FILE]..."],
  about:
    "Print the first 10 lines of each FILE to standard output.\nWith more than one FILE, precede each with a header giving the file name.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    bytes: { short: "c", long: "bytes", arg: "[-]NUM", help: "print the first NUM bytes of each file; with the leading '-', all but the last NUM" }, // prettier-ignore
    lines: { short: "n", long: "lines", arg: "[-]NUM", help: "print the first NUM lines instead of the first 10; with the leading '-', all but the last NUM" }, // prettier-ignore
    quiet: { short: "q", long: "quiet", help: "never print headers giving file names" },
    silent: { long: "silent" },
    verbose: { short: "v", long: "verbose", help: "always print headers giving file names" },
    zero: { short: "z", long: "zero-terminated", help: "line delimiter is NUL, not newline" },
    trailing: { short: "0123456789" },
  },
  rewrite(args) {
    const obsolete = /^-(\d+)([bkm]?)([clqvz]*)$/.exec(args[0] ?? "");
    if (!obsolete) return args;
    const [, count, unit, letters] = obsolete as unknown as [string, string, string, string];
    const unitBytes = unit !== "" || letters.includes("c");
    const modes = letters.replace(/[cl]/g, "");
    return [`-${unitBytes ? "c" : "n"}${count}${unit}`, ...(modes === "" ? [] : [`-${modes}`]), ...args.slice(1)];
  },
  async run(call) {
    const trailing = call.options.given.find((one) => one.flag === "trailing");
    if (trailing) return call.usage(`invalid trailing option -- ${trailing.as.slice(1)}`);
    const unit = call.options.lastOf("lines", "bytes") ?? "lines";
    const given = call.value(unit) ?? "10";
    const count = parseSize(given.replace(/^-/, ""));
    if (count === undefined) return call.fail(`invalid number of ${unit}: ${call.quote(given)}`);
    const wanted: Wanted = { unit, count, fromEnd: given.startsWith("-"), delimiter: call.has("zero") ? "\0" : "\n" };
    const operands = call.operands.length > 0 ? call.operands : ["-"];
    const mode = call.options.lastOf("quiet", "silent", "verbose");
    const headers = mode === "verbose" || (mode === undefined && operands.length > 1);
    let first = true;
    for (const operand of operands) {
      const file = openOperand(call.process, operand);
      if (file instanceof Errno) {
        await call.warn(`cannot open ${shellQuote(operand)} for reading: ${file.message}`);
        continue;
      }
      if (headers)
        await call.out.print(`${first ? "" : "\n"}==> ${operand === "-" ? "standard input" : operand} <==\n`);
      first = false;
      try {
        await (wanted.fromEnd ? allButLast(call, file, wanted) : firstPart(call, file, wanted));
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EISDIR") throw error;
        await call.warn(
          `error reading ${operand === "-" ? "'standard input'" : shellQuote(operand)}: ${error.message}`,
        );
      } finally {
        if (operand !== "-") closeOperand(call.process, file);
      }
    }
    return call.status;
  },
});

interface Wanted {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  readonly fromEnd: boolean;
  readonly delimiter: string;
}

async function firstPart({ process, out }: Call, file: OpenFile, { unit, count, delimiter }: Wanted): Promise<void> {
  let left = count;
  while (left > 0) {
    const chunk = await nextChunk(process, file, out);
    if (chunk === "") return;
    let end = 0;
    if (unit === "bytes") {
      end = Math.min(left, chunk.length);
      left -= end;
    } else {
      while (left > 0) {
        const found = chunk.indexOf(delimiter, end);
        if (found < 0) {
          end = chunk.length;
          break;
        }
        end = found + 1;
        left--;
      }
    }
    await out.put(chunk.slice(0, end));
    // What was read too much is left for the next reader of the same open file.
    const { position } = file;
    if (end < chunk.length && position) file.seek(position.offset - (chunk.length - end));
  }
}

async function allButLast({ process, out }: Call, file: OpenFile, { unit, count, delimiter }: Wanted): Promise<void> {
  if (unit === "bytes") {
    let held: Bytes = "";
    for await (const chunk of chunks(process, file, out)) {
      held += chunk;
      if (held.length <= count) continue;
      await out.put(held.slice(0, held.length - count));
      held = count === 0 ? "" : held.slice(-count);
    }
    return;
  }
  let held: Bytes[] = [];
  for await (const block of blocks(process, file, out, delimiter)) {
    const lines = block.split(delimiter);
    const open = lines.pop()!;
    held.push(...lines.map((line) => line + delimiter));
    if (open !== "") held.push(open);
    if (held.length <= count) continue;
    await out.put(held.slice(0, held.length - count).join(""));
    held = count === 0 ? [] : held.slice(-count);
  }
}
