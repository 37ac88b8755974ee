import { basename as baseOf } from "../sim/host/index.ts";
import { tool } from "./gnu/tool.ts";

export const basename = tool({
  name: "basename",
  package: "coreutils",
  summary: "strip directory and suffix from filenames",
  usage: ["NAME [SUFFIX]", "OPTION... NAME..."],
  about: "Print NAME with any leading directory components removed.\nIf specified, also remove a trailing SUFFIX.",
  stopAtOperand: true,
  flags: {
    multiple: { short: "a", long: "multiple", help: "support multiple arguments and treat each as a NAME" },
    suffix: { short: "s", long: "suffix", arg: "SUFFIX", help: "remove a trailing SUFFIX; implies -a" },
    zero: { short: "z", long: "zero", help: "end each output line with NUL, not newline" },
  },
  async run(call) {
    const { operands } = call;
    const multiple = call.has("multiple") || call.has("suffix");
    if (operands.length === 0) return call.usage("missing operand");
    if (!multiple && operands.length > 2) return call.usage(`extra operand ${call.quote(operands[2]!)}`);
    const suffix = multiple ? (call.value("suffix") ?? "") : (operands[1] ?? "");
    for (const name of multiple ? operands : operands.slice(0, 1))
      await call.out.print(baseOf(name, suffix) + (call.has("zero") ? "\0" : "\n"));
    return 0;
  },
});
