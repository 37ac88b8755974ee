import { MILLISECOND, type Duration } from "../../../../kernel/index.ts";
import { goDuration } from "../../../api/index.ts";
import { NotSimulated } from "../corefile/corefile-error.ts";
import { Pattern } from "../pattern.ts";
import { once, type BlockView, type Controller, type Level, type Plugin } from "../plugin.ts";
import { readDuration } from "./duration.ts";
import { typeText } from "../record-type.ts";
import { rcodeNumber } from "../reply.ts";

/** Errors of a kind are counted, and told of together (`consolidate`). */
interface Consolidation {
  readonly period: Duration;
  readonly pattern: string;
  readonly level: Level;
}

type ErrorsConfig = readonly Consolidation[];

export interface ConsolidatedEvent {
  readonly key: string;
  readonly started: number;
  readonly block: number;
  readonly at: number;
}

export const CONSOLIDATED = "coredns/errors";

/** errors: logs what went wrong with a query. */
export const errors: Plugin<ErrorsConfig> = {
  name: "errors",
  setup(c) {
    const patterns: Consolidation[] = [];
    once(c, () => {
      const args = c.remainingArgs();
      if (args.length > 1) throw c.argumentError();
      if (args.length === 1 && args[0] !== "stdout") throw c.error(`invalid log file: ${args[0]!}`);
      while (c.nextBlock()) {
        if (c.value === "stacktrace") throw new NotSimulated(`'errors ${c.value}'`);
        if (c.value === "consolidate") patterns.push(readConsolidation(c));
        else throw c.syntaxError(`Unknown field ${c.value}`);
      }
    });
    return patterns;
  },
  serve(patterns, block, next) {
    const compiled = patterns.map(({ pattern }) => new Pattern(pattern));
    return (query) => {
      const outcome = next(query);
      if (outcome.error === undefined) return outcome;
      const at = compiled.findIndex((pattern) => pattern.match(outcome.error!) !== undefined);
      if (at >= 0) {
        count(block, at, patterns[at]!.period);
        return outcome;
      }
      const words = `${rcodeNumber(outcome.rcode)} ${query.name} ${typeText(query.type)}: ${outcome.error}`;
      block.instance.logAt(query.now, "ERROR", `plugin/errors: ${words}`);
      return outcome;
    };
  },
};

function count({ instance, index }: BlockView, at: number, period: Duration): void {
  const counts = instance.table<string, number>("errors");
  const before = counts.get(`${index}/${at}`) ?? 0;
  counts.set(`${index}/${at}`, before + 1);
  if (before > 0) return;
  const event: ConsolidatedEvent = { key: instance.key, started: instance.started, block: index, at };
  instance.self.kernel.after(period, CONSOLIDATED, event, { periodic: true });
}

/** The time of a kind of errors is over (logPattern). */
export function tellConsolidated({ instance, index }: BlockView, config: ErrorsConfig, at: number): void {
  const counts = instance.table<string, number>("errors");
  const seen = counts.get(`${index}/${at}`) ?? 0;
  counts.delete(`${index}/${at}`);
  const { pattern, period, level } = config[at]!;
  if (seen > 0)
    instance.log(level, `plugin/errors: ${seen} errors like '${pattern}' occurred in last ${goDuration(period)}`);
}

const LEVELS: Readonly<Record<string, Level>> = { warning: "WARNING", error: "ERROR", info: "INFO", debug: "DEBUG" };

function readConsolidation(c: Controller): Consolidation {
  const args = c.remainingArgs();
  if (args.length < 2 || args.length > 3) throw c.argumentError();
  const [span = "", pattern = "", word = "error"] = args;
  let period: Duration;
  try {
    period = readDuration(span);
    Pattern.check(pattern);
  } catch (error) {
    throw c.error((error as Error).message);
  }
  const level = LEVELS[word];
  if (!level) throw c.error(`unknown log level argument in consolidate: ${word}`);
  return { period: Math.max(period, MILLISECOND), pattern, level };
}
