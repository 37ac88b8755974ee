import { Errno } from "../sim/host/index.ts";
import type { Bytes } from "../sim/kernel/index.ts";
import { openOperand, readWhole } from "./gnu/input.ts";
import { isUtf8 } from "./gnu/locale.ts";
import { parseSize } from "./gnu/size.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const cmp = tool({
  name: "cmp",
  package: "diffutils",
  title: "cmp (GNU diffutils)",
  summary: "compare two files byte by byte",
  usage: ["[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]"],
  about: "Compare two files byte by byte.",
  trouble: 2,
  flags: {
    printBytes: { short: "b", long: "print-bytes", help: "print differing bytes" },
    skip: { short: "i", long: "ignore-initial", arg: "SKIP", help: "skip first SKIP bytes of both inputs" },
    verbose: { short: "l", long: "verbose", help: "output byte numbers and differing byte values" },
    most: { short: "n", long: "bytes", arg: "LIMIT", help: "compare at most LIMIT bytes" },
    silent: { short: "s", long: "quiet", help: "suppress all normal output" },
    silent2: { long: "silent" },
  },
  async run(call) {
    const { operands } = call;
    if (operands.length === 0) return usage(call, `missing operand after '${call.name}'`);
    if (operands.length > 4) return usage(call, `extra operand '${operands[4]!}'`);
    const skips = (call.value("skip") ?? "0").split(":");
    const sizes = [operands[2] ?? skips[0]!, operands[3] ?? skips[1] ?? skips[0]!].map(parseSize);
    const most = call.has("most") ? parseSize(call.value("most")!) : Infinity;
    if (sizes.some((size) => size === undefined))
      return usage(call, `invalid --ignore-initial value '${call.value("skip") ?? ""}'`);
    if (most === undefined) return usage(call, `invalid --bytes value '${call.value("most")!}'`);
    const names = [operands[0]!, operands[1] ?? "-"];
    const silent = call.has("silent") || call.has("silent2");
    const texts: Bytes[] = [];
    for (const [at, name] of names.entries()) {
      const file = openOperand(call.process, name);
      if (file instanceof Errno) return silent ? 2 : call.fail(`${name}: ${file.message}`);
      try {
        texts.push((await readWhole(call.process, file, call.out)).slice(sizes[at], sizes[at]! + most));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return call.fail(`${name}: ${error.message}`);
      }
    }
    const [one, two] = texts as [Bytes, Bytes];
    const shared = Math.min(one.length, two.length);
    const width = String(shared).length;
    let line = 1;
    let differs = false;
    for (let at = 0; at < shared; at++) {
      const [a, b] = [one.charCodeAt(at), two.charCodeAt(at)];
      if (a === b) {
        if (a === 10) line++;
        continue;
      }
      if (silent) return 1;
      if (!call.has("verbose")) {
        const bytes = call.has("printBytes") ? ` is ${octal(a)} ${shown(a)} ${octal(b)} ${shown(b)}` : "";
        await call.out.print(
          `${names.join(" ")} differ: ${call.has("printBytes") || isUtf8(call.process.env) ? "byte" : "char"} ${at + 1}, line ${line}${bytes}\n`,
        );
        return 1;
      }
      differs = true;
      const bytes = call.has("printBytes")
        ? `${octal(a)} ${shown(a).padEnd(4)} ${octal(b)} ${shown(b)}`
        : `${octal(a)} ${octal(b)}`;
      await call.out.print(`${String(at + 1).padStart(width)} ${bytes}\n`);
    }
    if (one.length === two.length) return differs ? 1 : 0;
    if (silent) return 1;
    await call.out.flush();
    const short = one.length < two.length ? 0 : 1;
    const shorter = texts[short]!;
    const lines = shorter.split("\n").length - 1;
    const where =
      shorter === ""
        ? "which is empty"
        : call.has("verbose")
          ? `after byte ${shared}`
          : `after byte ${shared}, ${shorter.endsWith("\n") ? `line ${lines}` : `in line ${lines + 1}`}`;
    await call.say(`EOF on ${names[short]!} ${where}`);
    return 1;
  },
});

async function usage(call: Call<string>, problem: string): Promise<number> {
  await call.say(problem);
  return call.fail(`Try '${call.name} --help' for more information.`);
}

function octal(code: number): string {
  return code.toString(8).padStart(3);
}

function shown(code: number): string {
  const low = code & 0x7f;
  const text = low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? "^?" : String.fromCharCode(low);
  return code >= 128 ? `M-${text}` : text;
}
