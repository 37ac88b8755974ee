import type { MatchExtension, ReadContext } from "../extension.ts";
import { TCP, UDP } from "../protocols.ts";
import { isProblem, parameter, type Problem } from "../row.ts";
import { portName, readPortRange, type PortRange } from "./ports.ts";

interface MultiportOptions {
  readonly which: "sports" | "dports" | "ports";
  readonly ranges: readonly PortRange[];
  readonly not?: true;
}

const PROTOCOLS = [TCP, UDP, 33, 132, 136];
const NEEDS = "multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'";

function option(which: MultiportOptions["which"]): MatchExtension["options"][string] {
  return {
    key: "ports",
    words: 1,
    not: true,
    read([text], context) {
      if (context.protocol === undefined) return parameter(NEEDS);
      if (!PROTOCOLS.includes(context.protocol))
        return parameter("multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP");
      const ranges = readRanges(text!, context);
      return isProblem(ranges) ? ranges : { which, ranges };
    },
  };
}

export const multiport: MatchExtension = {
  kind: "match",
  header: true,
  name: "multiport",
  longName: (option) => ({ "--sports": "--source-ports", "--dports": "--destination-ports" })[option] ?? option,
  options: {
    "--source-ports": option("sports"),
    "--sports": option("sports"),
    "--destination-ports": option("dports"),
    "--dports": option("dports"),
    "--ports": option("ports"),
  },
  finish(given) {
    const wish = given.get("ports");
    if (!wish) return parameter("multiport expection an option");
    return { ...(wish.value as MultiportOptions), ...(wish.not ? { not: true as const } : {}) };
  },
  save(options) {
    const { which, ranges, not } = options as unknown as MultiportOptions;
    const list = ranges.map(({ min, max }) => (min === max ? `${min}` : `${min}:${max}`)).join(",");
    return `${not ? " !" : ""} --${which} ${list}`;
  },
  list(options, style) {
    const { which, ranges, not } = options as unknown as MultiportOptions;
    const name = (port: number): string => portName(port, style);
    const list = ranges.map(({ min, max }) => (min === max ? name(min) : `${name(min)}:${name(max)}`)).join(",");
    return ` multiport ${which} ${not ? " !" : ""}${list}`;
  },
  compile(options) {
    const { which, ranges, not = false } = options as unknown as MultiportOptions & { not?: boolean };
    const fits = (port: number): boolean => ranges.some(({ min, max }) => port >= min && port <= max);
    return (packet) => {
      if (!PROTOCOLS.includes(packet.protocol)) return false;
      const source = which !== "dports" && fits(packet.sport);
      return (source || (which !== "sports" && fits(packet.dport))) !== not;
    };
  },
};

/** Up to fifteen ports; a range counts as two. */
function readRanges(text: string, context: ReadContext): PortRange[] | Problem {
  const ranges: PortRange[] = [];
  let slots = 0;
  for (const word of text.split(",")) {
    const range = readPortRange(word, context);
    if (isProblem(range))
      return range.text.startsWith("invalid portrange") ? parameter("invalid portrange specified") : range;
    slots += word.includes(":") ? 2 : 1;
    ranges.push(range);
  }
  return slots > 15 ? parameter("too many ports specified") : ranges;
}
