import { dirname as directoryOf } from "../sim/host/index.ts";
import { tool } from "./gnu/tool.ts";

export const dirname = tool({
  name: "dirname",
  package: "coreutils",
  summary: "strip last component from file name",
  usage: ["[OPTION] NAME..."],
  about:
    "Output each NAME with its last non-slash component and trailing slashes\nremoved; if NAME contains no /'s, output '.' (meaning the current directory).",
  flags: { zero: { short: "z", long: "zero", help: "end each output line with NUL, not newline" } },
  async run(call) {
    if (call.operands.length === 0) return call.usage("missing operand");
    for (const name of call.operands) await call.out.print(directoryOf(name) + (call.has("zero") ? "\0" : "\n"));
    return 0;
  },
});
