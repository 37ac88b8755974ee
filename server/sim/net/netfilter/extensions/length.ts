import type { MatchExtension } from "../extension.ts";
import { parameter } from "../row.ts";

interface LengthOptions {
  readonly min: number;
  readonly max: number;
  readonly not?: true;
}

/** Bytes of a packet, with its IP header (IPv6: behind it). */
export const length: MatchExtension = {
  kind: "match",
  name: "length",
  options: {
    "--length": {
      key: "length",
      words: 1,
      not: true,
      read([text]) {
        const match = /^(\d*)(:(\d*))?$/.exec(text!);
        const [min, max] = match ? ends(match[1]!, match[2], match[3]) : [Number.NaN, Number.NaN];
        if (min <= 65_535 && max <= 65_535 && text !== "") return { min, max };
        return parameter(`length: bad value for option "--length" near "${text}", or out of range (0-65535).\n`);
      },
    },
  },
  finish(given) {
    const wish = given.get("length");
    if (!wish) return parameter('length: option "--length" must be specified\n');
    return { ...(wish.value as LengthOptions), ...(wish.not ? { not: true as const } : {}) };
  },
  save(options) {
    const { min, max, not } = options as unknown as LengthOptions;
    return `${not ? " !" : ""} --length ${min === max ? min : `${min}:${max}`}`;
  },
  list(options) {
    const { min, max, not } = options as unknown as LengthOptions;
    return ` length ${not ? "!" : ""}${min === max ? min : `${min}:${max}`}`;
  },
  compile(options) {
    const { min, max, not = false } = options as unknown as LengthOptions & { not?: boolean };
    return (packet) => {
      const size = packet.size - (typeof packet.dst === "number" ? 0 : 40);
      return (size >= min && size <= max) !== not;
    };
  },
};

function ends(first: string, range: string | undefined, last: string | undefined): readonly [number, number] {
  const min = first === "" ? 0 : Number(first);
  if (range === undefined) return [min, min];
  return [min, last === undefined || last === "" ? 65_535 : Number(last)];
}
