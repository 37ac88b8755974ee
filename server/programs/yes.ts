import { encode } from "../sim/kernel/index.ts";
import { worked } from "./gnu/input.ts";
import { tool } from "./gnu/tool.ts";

export const yes = tool({
  name: "yes",
  package: "coreutils",
  summary: "output a string repeatedly until killed",
  usage: ["[STRING]...", "OPTION"],
  about: "Repeatedly output a line with all specified STRING(s), or 'y'.",
  flags: {},
  async run({ process, operands }) {
    const line = encode(`${operands.length > 0 ? operands.join(" ") : "y"}\n`);
    const chunk = line.repeat(Math.max(1, Math.floor(8192 / line.length)));
    for (;;) {
      await process.write(1, chunk);
      await worked(process, chunk.length);
    }
  },
});
