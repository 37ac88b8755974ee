import { readNumber, type MatchExtension } from "../extension.ts";
import { parameter } from "../row.ts";
import { statisticCount } from "../rule-state.ts";

/** `random` in 2^31sts, as the kernel keeps the probability. */
type StatisticOptions = { readonly not?: true } & (
  | { readonly mode: "random"; readonly probability: number }
  | { readonly mode: "nth"; readonly every: number; readonly packet: number }
);

const WHOLE = 0x8000_0000;

export const statistic: MatchExtension = {
  kind: "match",
  name: "statistic",
  options: {
    "--mode": {
      key: "mode",
      words: 1,
      read: ([text]) => (text === "random" || text === "nth" ? text : parameter(`Bad mode "${text}"`)),
    },
    "--probability": {
      key: "probability",
      words: 1,
      not: true,
      read([text]) {
        const value = /^\d*\.?\d+$/.test(text!) ? Number(text) : Number.NaN;
        if (value >= 0 && value <= 1) return Math.round(value * WHOLE);
        return parameter('statistic: bad value for option "--probability", or out of range (0-1).\n');
      },
    },
    "--every": {
      key: "every",
      words: 1,
      not: true,
      read([text]) {
        const value = readNumber(text!);
        if (value !== undefined && value > 0) return value;
        return parameter('statistic: bad value for option "--every", or out of range (1-4294967295).\n');
      },
    },
    "--packet": {
      key: "packet",
      words: 1,
      read([text]) {
        const bad = 'statistic: bad value for option "--packet", or out of range (0-4294967295).\n';
        return readNumber(text!) ?? parameter(bad);
      },
    },
  },
  finish(given) {
    const mode = given.get("mode")?.value ?? "random";
    if (given.has("probability") && given.has("every"))
      return parameter('statistic: option "--probability" cannot be used together with "--every".\n');
    if (mode === "random") {
      const probability = given.get("probability");
      if (!probability) return parameter("--probability must be specified when using random mode");
      return { mode, probability: probability.value, ...(probability.not ? { not: true as const } : {}) };
    }
    const every = given.get("every");
    const packet = given.get("packet");
    if (every && !packet) return parameter('statistic: option "--every" also requires "--packet".\n');
    if (!every) return parameter("--every and --packet must be specified when using nth mode");
    if ((packet!.value as number) >= (every.value as number)) return parameter("the --packet p must be 0 <= p <= n-1");
    return { mode, every: every.value, packet: packet!.value, ...(every.not ? { not: true as const } : {}) };
  },
  save(options) {
    const wish = options as unknown as StatisticOptions;
    const not = wish.not ? " !" : "";
    if (wish.mode === "random") return ` --mode random${not} --probability ${probabilityText(wish.probability)}`;
    return ` --mode nth${not} --every ${wish.every} --packet ${wish.packet}`;
  },
  list(options) {
    const wish = options as unknown as StatisticOptions;
    const not = wish.not ? " !" : "";
    if (wish.mode === "random") return ` statistic mode random${not} probability ${probabilityText(wish.probability)}`;
    return ` statistic mode nth${not} every ${wish.every}${wish.packet > 0 ? ` packet ${wish.packet}` : ""}`;
  },
  compile(options) {
    const wish = options as unknown as StatisticOptions;
    const not = wish.not ?? false;
    if (wish.mode === "random") {
      const { probability } = wish;
      return (_, { ns }) => {
        const draw = ns.kernel.random.uint32(`statistic/${ns.id}`) >>> 1;
        return draw < probability !== not;
      };
    }
    // Of each run of `every` packets the one of that number, from 0 (as recorded; statistic_mt_check).
    const { every, packet } = wish;
    return (_, { ns, rule }) => (statisticCount(ns, rule) % every === packet) !== not;
  },
};

function probabilityText(value: number): string {
  return (value / WHOLE).toFixed(11);
}
