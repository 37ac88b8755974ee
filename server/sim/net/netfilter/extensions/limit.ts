import type { MatchExtension } from "../extension.ts";
import { readNumber } from "../extension.ts";
import { takeToken } from "../rule-state.ts";
import { parameter, type Problem } from "../row.ts";
import { perSecond, rateText, readPeriod, TENTH_MILLI_SCALE as SCALE } from "./rate.ts";

/** The rate is kept as the kernel does: ten-thousandths of a second for each packet. */
interface LimitOptions {
  readonly average: number;
  readonly burst: number;
}

export const limit: MatchExtension = {
  kind: "match",
  name: "limit",
  options: {
    "--limit": { key: "average", words: 1, read: ([text]) => readRate(text!) },
    "--limit-burst": {
      key: "burst",
      words: 1,
      read([text]) {
        const bad = 'limit: bad value for option "--limit-burst", or out of range (0-10000).\n';
        return readNumber(text!, 10_000) ?? parameter(bad);
      },
    },
  },
  finish: (given) => ({
    average: given.get("average")?.value ?? (SCALE * 3_600) / 3,
    burst: given.get("burst")?.value ?? 5,
  }),
  save(options) {
    const { average, burst } = options as unknown as LimitOptions;
    return ` --limit ${rateText(SCALE, average)}${burst === 5 ? "" : ` --limit-burst ${burst}`}`;
  },
  list(options) {
    const { average, burst } = options as unknown as LimitOptions;
    return ` limit: avg ${rateText(SCALE, average)} burst ${burst}`;
  },
  compile(options) {
    const { average, burst } = options as unknown as LimitOptions;
    return (_, { ns, rule }) => takeToken(ns, rule, perSecond(SCALE, average), burst);
  },
};

function readRate(text: string): number | Problem {
  const period = readPeriod(SCALE, text);
  if (period === "fast") return parameter(`Rate too fast "${text}"`);
  return period ?? parameter(`bad rate "${text}"'`);
}
