import { Errno, type OpenFile } from "../sim/host/index.ts";
import { encode, type Bytes } from "../sim/kernel/index.ts";
import { openOperand } from "./gnu/input.ts";
import { Lines } from "./gnu/lines.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const paste = tool({
  name: "paste",
  package: "coreutils",
  summary: "merge lines of files",
  usage: ["[OPTION]... [FILE]..."],
  about:
    "Write lines consisting of the sequentially corresponding lines from\neach FILE, separated by TABs, to standard output.",
  flags: {
    delimiters: { short: "d", long: "delimiters", arg: "LIST", help: "reuse characters from LIST instead of TABs" },
    serial: { short: "s", long: "serial", help: "paste one file at a time instead of in parallel" },
    zero: { short: "z", long: "zero-terminated", help: "line delimiter is NUL, not newline" },
  },
  async run(call) {
    const end = call.has("zero") ? "\0" : "\n";
    const given = call.value("delimiters") ?? "\t";
    if (/(?:^|[^\\])(?:\\\\)*\\$/.test(given))
      return call.fail(`delimiter list ends with an unescaped backslash: ${given}`);
    const delimiters = given === "" ? [""] : readDelimiters(given);
    const names = call.operands.length > 0 ? call.operands : ["-"];
    const files: OpenFile[] = [];
    for (const name of names) {
      const file = openOperand(call.process, name);
      if (!(file instanceof Errno)) files.push(file);
      else if (call.has("serial")) await call.warn(`${quoteIfNeeded(name)}: ${file.message}`);
      else return call.fail(`${quoteIfNeeded(name)}: ${file.message}`);
    }
    const inputs = new Map<OpenFile, Lines>();
    for (const file of files) if (!inputs.has(file)) inputs.set(file, new Lines(call.process, file, call.out, end));
    const next = async (file: OpenFile): Promise<Bytes | undefined> => {
      const line = inputs.get(file)!.next();
      return line instanceof Promise ? await line : line;
    };
    if (call.has("serial")) {
      for (const file of files) {
        let out = "";
        for (let count = 0; ; count++) {
          const line = await next(file);
          if (line === undefined) break;
          out += (count === 0 ? "" : delimiters[(count - 1) % delimiters.length]!) + line;
        }
        await call.out.put(out + end);
      }
      return call.status;
    }
    for (;;) {
      let row = "";
      let open = 0;
      for (let at = 0; at < files.length; at++) {
        const line = await next(files[at]!);
        if (line !== undefined) open++;
        row += (at === 0 ? "" : delimiters[(at - 1) % delimiters.length]!) + (line ?? "");
      }
      if (open === 0) return call.status;
      await call.out.put(row + end);
    }
  },
});

function readDelimiters(list: string): Bytes[] {
  const escapes: Record<string, string> = { n: "\n", t: "\t", "0": "", "\\": "\\", b: "\b", f: "\f", r: "\r", v: "\v" };
  const out: Bytes[] = [];
  for (let at = 0; at < list.length; at++) {
    const char = list[at]!;
    if (char !== "\\") out.push(...encode(char));
    else out.push(escapes[list[++at]!] ?? encode(list[at]!));
  }
  return out;
}
