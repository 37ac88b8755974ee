import { fromUint8Array } from "../../sim/kernel/index.ts";
import { isNumber } from "./call.ts";
import type { Command } from "./command.ts";
import { base64Lines } from "./enc.ts";
import { randomBytes } from "./new-key.ts";

export const rand: Command = {
  name: "rand",
  operands: "num",
  options: `General options:
 help - Shows this list
 engine s Engine to use
Output options:
 out > File to write to (default: standard output)
 base64 - Writes in base64
 hex - Writes hexadecimal digits
Random state options:
 rand s Files to seed the generator with
 writerand > File to write random data to
Parameters:
 (num) How many bytes`,

  async run(call) {
    for (const option of ["engine", "rand", "writerand"])
      if (call.has(option)) throw call.failure(`drydock: openssl: rand: '-${option}' is not simulated\n`, [], 64);
    const [text = "0", ...more] = call.operands;
    if (!isNumber(text)) throw call.usage(`rand: Can't parse "${text}" as a number\n`);
    const count = Number(text);
    if (more.length > 0 || (call.operands.length > 0 && count <= 0)) throw call.usage();
    if (count > call.process.kernel.limits.memory / 4)
      throw call.failure("drydock: openssl: rand: so many bytes are not simulated\n", [], 64);
    const bytes = randomBytes(call.process, count);
    if (call.has("base64")) await call.write(base64Lines(bytes));
    else if (call.has("hex")) await call.write(`${Buffer.from(bytes).toString("hex")}\n`);
    else await call.write(fromUint8Array(bytes));
    return 0;
  },
};
