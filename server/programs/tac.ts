import { Errno } from "../sim/host/index.ts";
import { encode, type Bytes } from "../sim/kernel/index.ts";
import { closeOperand, openOperand, readWhole } from "./gnu/input.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const tac = tool({
  name: "tac",
  package: "coreutils",
  summary: "concatenate and print files in reverse",
  usage: ["[OPTION]... [FILE]..."],
  about:
    "Write each FILE to standard output, last line first.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    before: { short: "b", long: "before", help: "attach the separator before instead of after" },
    regex: { short: "r", long: "regex", simulated: false },
    separator: { short: "s", long: "separator", arg: "STRING", help: "use STRING as the separator instead of newline" },
  },
  async run(call) {
    const separator = encode(call.value("separator") ?? "\n") || "\0";
    for (const operand of call.operands.length > 0 ? call.operands : ["-"]) {
      const file = openOperand(call.process, operand);
      if (file instanceof Errno) {
        await call.warn(`failed to open ${shellQuote(operand)} for reading: ${file.message}`);
        continue;
      }
      try {
        await call.out.put(reversed(await readWhole(call.process, file, call.out), separator, call.has("before")));
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EISDIR") throw error;
        await call.warn(`${operand}: read error: Invalid argument`);
      }
      if (operand !== "-") closeOperand(call.process, file);
    }
    return call.status;
  },
});

function reversed(text: Bytes, separator: Bytes, before: boolean): Bytes {
  const parts = text.split(separator);
  const last = parts.pop()!;
  if (before) {
    const [head, ...rest] = [...parts, last];
    return (
      rest
        .reverse()
        .map((part) => separator + part)
        .join("") + head
    );
  }
  return (
    last +
    parts
      .reverse()
      .map((part) => part + separator)
      .join("")
  );
}
