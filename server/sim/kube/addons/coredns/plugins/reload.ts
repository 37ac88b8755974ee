import { SECOND, type Duration } from "../../../../kernel/index.ts";
import type { Plugin } from "../plugin.ts";
import { readDuration } from "./duration.ts";

/** reload: looks now and then whether the Corefile has changed. Its configuration is how often, with the jitter drawn. */
export const reload: Plugin<Duration> = {
  name: "reload",
  setup(c) {
    c.next();
    const args = c.remainingArgs();
    if (args.length > 2) throw c.argumentError();
    const interval = args[0] === undefined ? 30 * SECOND : readDuration(args[0]);
    if (interval < 2 * SECOND) throw new Error("interval value must be greater or equal to 2s");
    const asked = args[1] === undefined ? 15 * SECOND : readDuration(args[1]);
    if (asked < SECOND) throw new Error("jitter value must be greater or equal to 1s");
    const jitter = Math.min(asked, interval / 2);
    return Math.round(interval + c.kernel.random.below("coredns/reload", jitter) - jitter / 2);
  },
};
