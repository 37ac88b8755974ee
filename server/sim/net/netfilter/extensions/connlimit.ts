import { addressText, mask, networkOf } from "../../ip.ts";
import { readNumber, type MatchExtension, type OptionSpec } from "../extension.ts";
import { countFlows } from "../rule-state.ts";
import { parameter } from "../row.ts";

interface ConnlimitOptions {
  readonly above?: true;
  readonly count: number;
  readonly mask: number;
  readonly side: "src" | "dst";
}

function count(key: "above" | "upto"): OptionSpec {
  const max = 0xffff_ffff;
  return {
    key,
    words: 1,
    not: true,
    read: ([text]) =>
      readNumber(text!) ??
      parameter(`connlimit: bad value for option "--connlimit-${key}", or out of range (0-${max}).\n`),
  };
}

/** How many connections an address, or a network, has at once of those that this rule saw (xt_connlimit). */
export const connlimit: MatchExtension = {
  kind: "match",
  name: "connlimit",
  tracks: true,
  options: {
    "--connlimit-upto": count("upto"),
    "--connlimit-above": count("above"),
    "--connlimit-mask": {
      key: "mask",
      words: 1,
      read: ([text], { family }) =>
        readNumber(text!, 128) ??
        parameter(
          `connlimit: bad value for option "--connlimit-mask", neither a valid network mask nor valid CIDR (0-${family === 4 ? 32 : 128}).\n`,
        ),
    },
    "--connlimit-saddr": { key: "side", words: 0, read: () => "src" },
    "--connlimit-daddr": { key: "side", words: 0, read: () => "dst" },
  },
  finish(given, _, family) {
    const wish = given.get("above") ?? given.get("upto");
    if (!wish) return parameter('You must specify "--connlimit-above" or "--connlimit-upto".');
    const whole = family === 4 ? 32 : 128;
    return {
      ...(given.has("above") !== wish.not ? { above: true as const } : {}),
      count: wish.value,
      mask: Math.min(whole, (given.get("mask")?.value as number | undefined) ?? whole),
      side: given.get("side")?.value ?? "src",
    };
  },
  save(options) {
    const { above, count: most, mask: length, side } = options as unknown as ConnlimitOptions;
    const which = side === "src" ? "saddr" : "daddr";
    return ` --connlimit-${above ? "above" : "upto"} ${most} --connlimit-mask ${length} --connlimit-${which}`;
  },
  list(options) {
    const { above, count: most, mask: length, side } = options as unknown as ConnlimitOptions;
    return ` #conn ${side}/${length} ${above ? ">" : "<="} ${most}`;
  },
  compile(options) {
    const { above = false, count: most, mask: length, side } = options as unknown as ConnlimitOptions;
    return (packet, { ns, rule }) => {
      const row = packet.tracking?.row;
      if (!row) return false;
      const end = packet[side];
      const key = addressText(typeof end === "number" ? end & mask(Math.min(32, length)) : networkOf(end, length));
      const alive = (id: number): boolean => {
        const flow = ns.conntrack.get(id);
        return flow !== undefined && flow.expires > ns.kernel.now && flow.tcp !== "TIME_WAIT" && flow.tcp !== "CLOSE";
      };
      return countFlows(ns, rule, key, row.id, alive) > most === above;
    };
  },
};
