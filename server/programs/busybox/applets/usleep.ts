import { MICROSECOND } from "../../../sim/kernel/index.ts";
import { FOREVER } from "../../gnu/interval.ts";
import type { Applet } from "../applet.ts";

/** coreutils/usleep.c */
export const usleep: Applet = {
  options: "",
  usage: () => `N

Pause for N microseconds`,
  async run(call) {
    const [text] = call.operands;
    if (text === undefined) return call.usage();
    if (!/^\d+$/.test(text)) return call.die(`invalid number '${text}'`);
    await call.process.sleep(Math.min(FOREVER, Number(text) * MICROSECOND));
    return 0;
  },
};
