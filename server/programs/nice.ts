import { becomeCommand, codeOf } from "./gnu/execute.ts";
import { tool } from "./gnu/tool.ts";

export const nice = tool({
  name: "nice",
  package: "coreutils",
  summary: "run a program with modified scheduling priority",
  usage: ["[OPTION] [COMMAND [ARG]...]"],
  about:
    "Run COMMAND with an adjusted niceness.  With no COMMAND, print the current niceness.\n\nProcesses do not compete for processors in this simulation: the niceness stays 0.",
  stopAtOperand: true,
  trouble: 125,
  flags: {
    adjustment: { short: "n", long: "adjustment", arg: "N", help: "add integer N to the niceness (default 10)" },
  },
  rewrite: (args) => (/^-{1,2}\d+$/.test(args[0] ?? "") ? ["-n", args[0]!.slice(1), ...args.slice(1)] : args),
  async run(call) {
    const adjustment = call.value("adjustment");
    if (adjustment !== undefined && !/^[-+]?\d+$/.test(adjustment))
      return call.fail(`invalid adjustment ${call.quote(adjustment)}`);
    if (call.operands.length === 0) {
      if (adjustment !== undefined) return call.usage("a command must be given with an adjustment");
      await call.out.print("0\n");
      return 0;
    }
    const error = await becomeCommand(call.process, call.operands);
    await call.say(`${call.quote(call.operands[0]!)}: ${error.message}`);
    return codeOf(error);
  },
});
