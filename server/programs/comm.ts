import { Errno } from "../sim/host/index.ts";
import { encode, type Bytes } from "../sim/kernel/index.ts";
import { openOperand } from "./gnu/input.ts";
import { Lines } from "./gnu/lines.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const comm = tool({
  name: "comm",
  package: "coreutils",
  summary: "compare two sorted files line by line",
  usage: ["[OPTION]... FILE1 FILE2"],
  about:
    "Compare sorted files FILE1 and FILE2 line by line.\n\nWhen FILE1 or FILE2 (not both) is -, read standard input.",
  flags: {
    one: { short: "1", help: "suppress column 1 (lines unique to FILE1)" },
    two: { short: "2", help: "suppress column 2 (lines unique to FILE2)" },
    three: { short: "3", help: "suppress column 3 (lines that appear in both files)" },
    check: {
      long: "check-order",
      help: "check that the input is correctly sorted, even if all input lines are pairable",
    },
    noCheck: { long: "nocheck-order", help: "do not check that the input is correctly sorted" },
    outputDelimiter: { long: "output-delimiter", arg: "STR", help: "separate columns with STR" },
    total: { long: "total", help: "output a summary" },
    zero: { short: "z", long: "zero-terminated", help: "line delimiter is NUL, not newline" },
  },
  async run(call) {
    const { operands } = call;
    if (operands.length === 0) return call.usage("missing operand");
    if (operands.length === 1) return call.usage(`missing operand after ${call.quote(operands[0]!)}`);
    if (operands.length > 2) return call.usage(`extra operand ${call.quote(operands[2]!)}`);
    const end = call.has("zero") ? "\0" : "\n";
    const sides: Lines[] = [];
    for (const name of operands) {
      const file = openOperand(call.process, name);
      if (file instanceof Errno) return call.fail(`${quoteIfNeeded(name)}: ${file.message}`);
      sides.push(new Lines(call.process, file, call.out, end));
    }
    const tab = encode(call.value("outputDelimiter") ?? "\t");
    const hidden = [call.has("one"), call.has("two"), call.has("three")];
    const counts = [0, 0, 0];
    const previous: (Bytes | undefined)[] = [undefined, undefined];
    const disorder = [false, false];
    let differed = false;
    const read = async (side: 0 | 1): Promise<Bytes | undefined> => {
      const line = await sides[side]!.next();
      const before = previous[side];
      previous[side] = line;
      const checks = call.has("check") || (!call.has("noCheck") && differed);
      if (line !== undefined && before !== undefined && line < before && checks && !disorder[side]) {
        disorder[side] = true;
        await call.warn(`file ${side + 1} is not in sorted order`);
      }
      return line;
    };
    const show = (column: 0 | 1 | 2, line: Bytes): void | Promise<void> => {
      counts[column]!++;
      if (!hidden[column])
        return call.out.put(tab.repeat(hidden.slice(0, column).filter((hide) => !hide).length) + line + end);
    };
    let [left, right] = [await read(0), await read(1)];
    while (left !== undefined || right !== undefined) {
      if (call.has("check") && (disorder[0] || disorder[1])) return 1;
      if (left !== undefined && left === right) {
        await show(2, left);
        [left, right] = [await read(0), await read(1)];
      } else if (right === undefined || (left !== undefined && left < right)) {
        differed = true;
        await show(0, left!);
        left = await read(0);
      } else {
        differed = true;
        await show(1, right);
        right = await read(1);
      }
    }
    if (call.has("total")) await call.out.put(`${counts.join(tab)}${tab}total${end}`);
    if (disorder[0] || disorder[1]) {
      await call.say("input is not in sorted order");
      return 1;
    }
    return call.status;
  },
});
