import { FOREVER, parseInterval } from "./gnu/interval.ts";
import { tool } from "./gnu/tool.ts";

export const sleep = tool({
  name: "sleep",
  package: "coreutils",
  summary: "delay for a specified amount of time",
  usage: ["NUMBER[SUFFIX]..."],
  about:
    "Pause for NUMBER seconds.  SUFFIX may be 's' for seconds (the default),\n'm' for minutes, 'h' for hours or 'd' for days.  NUMBER need not be an\ninteger.  Given two or more arguments, pause for the amount of time\nspecified by the sum of their values.",
  flags: {},
  async run(call) {
    if (call.operands.length === 0) return call.usage("missing operand");
    let total = 0;
    let bad = false;
    for (const operand of call.operands) {
      const span = parseInterval(operand);
      if (span === undefined) {
        await call.say(`invalid time interval ${call.quote(operand)}`);
        bad = true;
      } else total += span;
    }
    if (bad) return call.usage();
    await call.process.sleep(Math.min(total, FOREVER));
    return 0;
  },
});
