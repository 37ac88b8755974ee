import type { MatchExtension } from "../extension.ts";
import { TCP } from "../protocols.ts";
import { RST, SYN } from "../../walk/packet.ts";
import { readNumber } from "../extension.ts";
import { isProblem, parameter, type Problem } from "../row.ts";
import { listPorts, portFits, portOption, savePorts, type PortRange } from "./ports.ts";

interface Flags {
  readonly mask: number;
  readonly set: number;
  readonly not?: true;
}

interface TcpOptions {
  readonly sport?: PortRange;
  readonly dport?: PortRange;
  readonly flags?: Flags;
  readonly option?: { readonly kind: number; readonly not?: true };
}

/** Kinds of options that segments carry here: on a SYN the largest segment, window scale, SACK and timestamps, then timestamps. */
const ON_SYN: ReadonlySet<number> = new Set([2, 3, 4, 8]);
const TIMESTAMPS = 8;

function carries(flags: number, kind: number): boolean {
  if (flags & RST) return false;
  return flags & SYN ? ON_SYN.has(kind) : kind === TIMESTAMPS;
}

const FLAGS = [
  ["FIN", 0x01],
  ["SYN", 0x02],
  ["RST", 0x04],
  ["PSH", 0x08],
  ["ACK", 0x10],
  ["URG", 0x20],
] as const;

const SYN_ONLY: Flags = { mask: 0x17, set: 0x02 };

export const tcp: MatchExtension = {
  kind: "match",
  header: true,
  name: "tcp",
  protocol: TCP,
  options: {
    "--sport": portOption("sport"),
    "--source-port": portOption("sport"),
    "--dport": portOption("dport"),
    "--destination-port": portOption("dport"),
    "--syn": { key: "flags", words: 0, not: true, read: () => SYN_ONLY },
    "--tcp-flags": {
      key: "flags",
      words: 2,
      not: true,
      needs: "--tcp-flags requires two args.",
      read: ([mask, set]) => readFlags(mask!, set!),
    },
    "--tcp-option": {
      key: "option",
      words: 1,
      not: true,
      read([text]) {
        const kind = readNumber(text!, 255);
        return kind ? { kind } : parameter(`Bad TCP option "${text}"`);
      },
    },
  },
  twice: (option) =>
    option === "flags"
      ? "Only one of `--syn' or `--tcp-flags'  allowed"
      : `Only one \`--${option === "sport" ? "source" : "destination"}-port' allowed`,
  finish(given, draft) {
    if (given.size > 0 && (draft.protocol?.value !== TCP || draft.protocol.not))
      return parameter("TCP match requires '-p tcp'");
    const options: Record<string, unknown> = {};
    for (const [key, { value, not }] of given) options[key] = not ? { ...(value as object), not: true } : value;
    return options;
  },
  save(options) {
    const { sport, dport, flags, option } = options as TcpOptions;
    const wish = option ? `${option.not ? " !" : ""} --tcp-option ${option.kind}` : "";
    const text = savePorts("sport", sport) + savePorts("dport", dport) + wish;
    if (!flags) return text;
    return `${text}${flags.not ? " !" : ""} --tcp-flags ${flagNames(flags.mask)} ${flagNames(flags.set)}`;
  },
  list(options, style) {
    const { sport, dport, flags, option } = options as TcpOptions;
    const wish = option ? ` option=${option.not ? "!" : ""}${option.kind}` : "";
    const text = ` tcp${listPorts("spt", sport, style)}${listPorts("dpt", dport, style)}${wish}`;
    if (!flags) return text;
    const names = style.numeric
      ? `${hexByte(flags.mask)}/${hexByte(flags.set)}`
      : `${flagNames(flags.mask)}/${flagNames(flags.set)}`;
    return `${text} flags:${flags.not ? "!" : ""}${names}`;
  },
  compile(options) {
    const { sport, dport, flags, option } = options as TcpOptions;
    if (dport && !sport && !flags && !option && !dport.not) {
      const { min, max } = dport;
      return (packet) => packet.protocol === TCP && packet.dport >= min && packet.dport <= max;
    }
    return (packet) =>
      packet.protocol === TCP &&
      (!sport || portFits(sport, packet.sport)) &&
      (!dport || portFits(dport, packet.dport)) &&
      (!option || carries(packet.flags, option.kind) !== (option.not ?? false)) &&
      (!flags || ((packet.flags & flags.mask) === flags.set) !== (flags.not ?? false));
  },
};

function readFlags(mask: string, set: string): Flags | Problem {
  const first = readFlagList(mask);
  const second = readFlagList(set);
  if (isProblem(first)) return first;
  return isProblem(second) ? second : { mask: first, set: second };
}

function readFlagList(text: string): number | Problem {
  let value = 0;
  for (const word of text.split(",")) {
    const name = word.toUpperCase();
    const flag = FLAGS.find(([known]) => known === name)?.[1];
    if (flag === undefined && name !== "ALL" && name !== "NONE") return parameter(`Unknown TCP flag \`${word}'`);
    value |= name === "ALL" ? 0x3f : (flag ?? 0);
  }
  return value;
}

function flagNames(value: number): string {
  const names = FLAGS.filter(([, flag]) => (value & flag) !== 0).map(([name]) => name);
  return names.length === 0 ? "NONE" : names.join(",");
}

function hexByte(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(2, "0")}`;
}
