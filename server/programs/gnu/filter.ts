import { Errno } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import { blocks, closeOperand } from "./input.ts";
import { quoteIfNeeded } from "./quoting.ts";
import type { Call } from "./tool.ts";

/**
 * Runs a program that turns each block of whole lines into output, over all operands. `change` gets what ends with a newline,
 * except perhaps the last piece of a file.
 */
export async function filterOperands(
  call: Call,
  change: (block: Bytes, name: string) => Bytes,
  delimiter = "\n",
): Promise<void> {
  for (const operand of call.operands.length > 0 ? call.operands : ["-"]) {
    const file = await call.open(operand);
    if (!file) continue;
    try {
      for await (const block of blocks(call.process, file, call.out, delimiter))
        await call.out.put(change(block, operand));
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "EISDIR") throw error;
      await call.warn(`${quoteIfNeeded(operand)}: ${error.message}`);
    }
    if (operand !== "-") closeOperand(call.process, file);
  }
}

/** Applies a change to each line; a missing newline at the end stays missing. */
export function eachLine(block: Bytes, change: (line: Bytes) => Bytes, delimiter = "\n"): Bytes {
  let out = "";
  for (let at = 0; at < block.length;) {
    const end = block.indexOf(delimiter, at);
    out += change(block.slice(at, end < 0 ? undefined : end));
    if (end < 0) break;
    out += delimiter;
    at = end + 1;
  }
  return out;
}
