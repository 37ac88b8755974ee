import { NotSimulated } from "../corefile/corefile-error.ts";
import { once, type Plugin } from "../plugin.ts";
import { typeText } from "../record-type.ts";
import { rcodeNumber } from "../reply.ts";

/** errors: logs what went wrong with a query. */
export const errors: Plugin<Record<string, never>> = {
  name: "errors",
  setup(c) {
    once(c, () => {
      const args = c.remainingArgs();
      if (args.length > 1) throw c.argumentError();
      if (args.length === 1 && args[0] !== "stdout") throw c.error(`invalid log file: ${args[0]!}`);
      while (c.nextBlock()) {
        if (c.value === "consolidate" || c.value === "stacktrace") throw new NotSimulated(`'errors ${c.value}'`);
        throw c.syntaxError(`Unknown field ${c.value}`);
      }
    });
    return {};
  },
  serve:
    (_config, { instance }, next) =>
    (query) => {
      const outcome = next(query);
      if (outcome.error !== undefined) {
        const words = `${rcodeNumber(outcome.rcode)} ${query.name} ${typeText(query.type)}: ${outcome.error}`;
        instance.logAt(query.now, "ERROR", `plugin/errors: ${words}`);
      }
      return outcome;
    },
};
