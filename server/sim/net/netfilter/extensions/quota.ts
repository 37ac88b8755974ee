import type { MatchExtension } from "../extension.ts";
import { takeQuota } from "../rule-state.ts";
import { parameter } from "../row.ts";

/** Fits until so many bytes were seen. */
export const quota: MatchExtension = {
  kind: "match",
  name: "quota",
  options: {
    "--quota": {
      key: "quota",
      words: 1,
      not: true,
      read: ([text]) =>
        /^\d{1,15}$/.test(text!)
          ? Number(text)
          : parameter('quota: bad value for option "--quota", or out of range (0-18446744073709551615).\n'),
    },
  },
  finish(given) {
    const wish = given.get("quota");
    if (!wish) return parameter('quota: option "--quota" must be specified\n');
    return { quota: wish.value, ...(wish.not ? { not: true as const } : {}) };
  },
  save: (options) => `${options["not"] ? " !" : ""} --quota ${options["quota"] as number}`,
  list: (options) => ` quota: ${options["quota"] as number} bytes`,
  compile(options) {
    const { quota: bytes, not = false } = options as { quota: number; not?: boolean };
    return (packet, { ns, rule }) => takeQuota(ns, rule, bytes, packet.bytes) !== not;
  },
};
