import type { MatchExtension } from "../extension.ts";
import { readNumber } from "../extension.ts";
import { takeToken } from "../rule-state.ts";
import { parameter, type Problem } from "../row.ts";

/** The rate is kept as the kernel does: ten-thousandths of a second for each packet. */
interface LimitOptions {
  readonly average: number;
  readonly burst: number;
}

const SCALE = 10_000;
const UNITS = [
  ["day", SCALE * 86_400],
  ["hour", SCALE * 3_600],
  ["min", SCALE * 60],
  ["sec", SCALE],
] as const;

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
    return ` --limit ${rateText(average)}${burst === 5 ? "" : ` --limit-burst ${burst}`}`;
  },
  list(options) {
    const { average, burst } = options as unknown as LimitOptions;
    return ` limit: avg ${rateText(average)} burst ${burst}`;
  },
  compile(options) {
    const { average, burst } = options as unknown as LimitOptions;
    return (_, { ns, rule }) => takeToken(ns, rule, SCALE / average, burst);
  },
};

function readRate(text: string): number | Problem {
  const bad = parameter(`bad rate "${text}"'`);
  const match = /^(\d+)(?:\/(\w+))?$/.exec(text);
  if (!match) return bad;
  const unit = match[2]?.toLowerCase() ?? "second";
  const scale = [
    ["second", SCALE],
    ["minute", SCALE * 60],
    ["hour", SCALE * 3_600],
    ["day", SCALE * 86_400],
  ] as const;
  const per = scale.find(([name]) => name.startsWith(unit))?.[1];
  const count = Number(match[1]);
  if (per === undefined || count === 0) return bad;
  if (count > per) return parameter(`Rate too fast "${text}"`);
  return Math.floor(per / count);
}

/** The smallest unit in which the rate still is a whole number, or nearly (print_rate). */
function rateText(period: number): string {
  let at = 1;
  for (; at < UNITS.length; at++) {
    const [, scale] = UNITS[at]!;
    if (period > scale || Math.floor(scale / period) < scale % period) break;
  }
  const [name, scale] = UNITS[at - 1]!;
  return `${Math.floor(scale / period)}/${name}`;
}
