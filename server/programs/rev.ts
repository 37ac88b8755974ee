import { decode, encode, type Bytes } from "../sim/kernel/index.ts";
import { Errno } from "../sim/host/index.ts";
import { eachLine } from "./gnu/filter.ts";
import { blocks, closeOperand, openOperand } from "./gnu/input.ts";
import { tool } from "./gnu/tool.ts";

export const rev = tool({
  name: "rev",
  package: "util-linux",
  title: "rev from util-linux",
  summary: "reverse lines characterwise",
  usage: ["[options] [file ...]"],
  about: "Reverse lines characterwise.",
  flags: { zero: { short: "0", long: "zero", help: "use the nul character as line separator" } },
  async run(call) {
    const end = call.has("zero") ? "\0" : "\n";
    for (const operand of call.operands.length > 0 ? call.operands : ["-"]) {
      const file = openOperand(call.process, operand);
      if (file instanceof Errno) {
        await call.warn(`cannot open ${operand}: ${file.message}`);
        continue;
      }
      for await (const block of blocks(call.process, file, call.out, end))
        await call.out.put(eachLine(block, reversed, end));
      if (operand !== "-") closeOperand(call.process, file);
    }
    return call.status;
  },
});

function reversed(line: Bytes): Bytes {
  return encode(Array.from(decode(line)).reverse().join(""));
}
