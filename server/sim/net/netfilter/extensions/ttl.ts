import { readNumber, type MatchExtension, type TargetExtension } from "../extension.ts";
import { parameter, type Family } from "../row.ts";

type Comparison = "eq" | "lt" | "gt";

interface TtlOptions {
  readonly how: Comparison;
  readonly value: number;
  readonly not?: true;
}

const SIGNS: Readonly<Record<Comparison, string>> = { eq: "==", lt: "<", gt: ">" };

/** The time to live, which IPv6 calls hop limit: the two matches differ in their words only. */
function timeToLive(name: string, shown: string, family: Family, missing: string): MatchExtension {
  const option = (how: Comparison, written: string): MatchExtension["options"][string] => ({
    key: "ttl",
    words: 1,
    ...(how === "eq" ? { not: true as const } : {}),
    read([text]) {
      const value = readNumber(text!, 255);
      if (value !== undefined) return { how, value };
      return parameter(`${name}: bad value for option "${written}", or out of range (0-255).\n`);
    },
  });
  return {
    kind: "match",
    name,
    family,
    options: {
      [`--${name}-lt`]: option("lt", `--${name}-lt`),
      [`--${name}-gt`]: option("gt", `--${name}-gt`),
      [`--${name}-eq`]: option("eq", `--${name}-eq`),
      ...(name === "ttl" ? { "--ttl": option("eq", "--ttl") } : {}),
    },
    finish(given) {
      const wish = given.get("ttl");
      if (!wish) return parameter(missing);
      return { ...(wish.value as TtlOptions), ...(wish.not ? { not: true as const } : {}) };
    },
    save(options) {
      const { how, value, not } = options as unknown as TtlOptions;
      return `${not ? " !" : ""} --${name}-${how} ${value}`;
    },
    list(options) {
      const { how, value, not } = options as unknown as TtlOptions;
      return ` ${shown} match ${shown} ${not ? "!=" : SIGNS[how]} ${value}`;
    },
    compile(options) {
      const { how, value, not = false } = options as unknown as TtlOptions & { not?: boolean };
      return ({ ttl: left }) => (how === "eq" ? left === value : how === "lt" ? left < value : left > value) !== not;
    },
  };
}

export const ttl = timeToLive("ttl", "TTL", 4, "TTL match: You must specify one of `--ttl-eq', `--ttl-lt', `--ttl-gt");
export const hl = timeToLive("hl", "HL", 6, "HL match: You must specify one of `--hl-eq', `--hl-lt', `--hl-gt'");

type Change = "set" | "dec" | "inc";

/** Writes the time to live. */
function writeTimeToLive(name: string, word: string, family: Family): TargetExtension {
  const option = (how: Change): TargetExtension["options"][string] => ({
    key: "ttl",
    words: 1,
    read([text]) {
      const min = how === "set" ? 0 : 1;
      const value = readNumber(text!, 255);
      if (value !== undefined && value >= min) return { how, value };
      return parameter(`${name}: bad value for option "--${word}-${how}", or out of range (${min}-255).\n`);
    },
  });
  return {
    kind: "target",
    name,
    family,
    tables: ["mangle"],
    options: { [`--${word}-set`]: option("set"), [`--${word}-dec`]: option("dec"), [`--${word}-inc`]: option("inc") },
    finish(given) {
      const wish = given.get("ttl");
      return wish ? { ...(wish.value as TtlOptions) } : parameter(`${name}: You must specify an action`);
    },
    save(options) {
      const { how, value } = options as { how: Change; value: number };
      return ` --${word}-${how} ${value}`;
    },
    list(options) {
      const { how, value } = options as { how: Change; value: number };
      const verb = how === "set" ? "set to" : how === "dec" ? "decrement by" : "increment by";
      return ` ${name} ${verb} ${value}`;
    },
    compile(options) {
      const { how, value } = options as { how: Change; value: number };
      return (packet) => {
        const next = how === "set" ? value : how === "dec" ? packet.ttl - value : packet.ttl + value;
        packet.ttl = Math.max(0, Math.min(255, next));
        return "continue";
      };
    },
  };
}

export const TTL = writeTimeToLive("TTL", "ttl", 4);
export const HL = writeTimeToLive("HL", "hl", 6);
