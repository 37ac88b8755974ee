import type { MatchExtension } from "../extension.ts";
import { ICMPV6 } from "../protocols.ts";
import { parameter, type Problem } from "../row.ts";

interface Icmp6Options {
  readonly type: number;
  readonly minCode: number;
  readonly maxCode: number;
  readonly not?: true;
}

type Name = readonly [name: string, type: number, minCode: number, maxCode: number];

/** Names as libip6t_icmp6.c has them; where two mean the same, the first is printed. */
const NAMES: readonly Name[] = [
  ["destination-unreachable", 1, 0, 255],
  ["no-route", 1, 0, 0],
  ["communication-prohibited", 1, 1, 1],
  ["beyond-scope", 1, 2, 2],
  ["address-unreachable", 1, 3, 3],
  ["port-unreachable", 1, 4, 4],
  ["failed-policy", 1, 5, 5],
  ["reject-route", 1, 6, 6],
  ["packet-too-big", 2, 0, 255],
  ["time-exceeded", 3, 0, 255],
  ["ttl-exceeded", 3, 0, 255],
  ["ttl-zero-during-transit", 3, 0, 0],
  ["ttl-zero-during-reassembly", 3, 1, 1],
  ["parameter-problem", 4, 0, 255],
  ["bad-header", 4, 0, 0],
  ["unknown-header-type", 4, 1, 1],
  ["unknown-option", 4, 2, 2],
  ["echo-request", 128, 0, 255],
  ["ping", 128, 0, 255],
  ["echo-reply", 129, 0, 255],
  ["pong", 129, 0, 255],
  ["mld-listener-query", 130, 0, 255],
  ["mld-listener-report", 131, 0, 255],
  ["mld-listener-done", 132, 0, 255],
  ["mld-listener-reduction", 132, 0, 255],
  ["router-solicitation", 133, 0, 255],
  ["router-advertisement", 134, 0, 255],
  ["neighbour-solicitation", 135, 0, 255],
  ["neighbor-solicitation", 135, 0, 255],
  ["neighbour-advertisement", 136, 0, 255],
  ["neighbor-advertisement", 136, 0, 255],
  ["redirect", 137, 0, 255],
];

export const icmp6: MatchExtension = {
  kind: "match",
  header: true,
  name: "icmp6",
  family: 6,
  protocol: ICMPV6,
  options: {
    "--icmpv6-type": { key: "type", words: 1, not: true, read: ([text]) => readType(text!) },
  },
  finish(given, draft) {
    const type = given.get("type");
    if (!type) return parameter('icmp6: option "--icmpv6-type" must be specified\n');
    if (draft.protocol?.value !== ICMPV6 || draft.protocol.not) return parameter("icmp6 match requires '-p icmpv6'");
    return { ...(type.value as Icmp6Options), ...(type.not ? { not: true as const } : {}) };
  },
  save(options) {
    const { type, minCode, maxCode, not } = options as unknown as Icmp6Options;
    const value = minCode === 0 && maxCode === 255 ? `${type}` : `${type}/${minCode}`;
    return `${not ? " !" : ""} --icmpv6-type ${value}`;
  },
  list(options, style) {
    const { type, minCode, maxCode, not } = options as unknown as Icmp6Options;
    const name = NAMES.find(([, known, min, max]) => known === type && min === minCode && max === maxCode)?.[0];
    if (!style.numeric && name !== undefined) return ` ipv6-icmp ${not ? "!" : ""}${name}`;
    const code = minCode === 0 && maxCode === 255 ? "" : ` code ${minCode}`;
    return not ? ` ipv6-icmp !type ${type}${code}` : ` ipv6-icmptype ${type}${code}`;
  },
  compile(options) {
    const { type, minCode, maxCode, not = false } = options as unknown as Icmp6Options & { not?: boolean };
    return (packet) => {
      if (packet.protocol !== ICMPV6) return false;
      const code = packet.icmpCode >= minCode && packet.icmpCode <= maxCode;
      return (packet.icmpType === type && code) !== not;
    };
  },
};

function readType(text: string): Icmp6Options | Problem {
  const lower = text.toLowerCase();
  const exact = NAMES.find(([name]) => name === lower);
  const starts = NAMES.filter(([name]) => name.startsWith(lower));
  const named = exact ?? (starts.length === 1 ? starts[0] : undefined);
  if (named) return { type: named[1], minCode: named[2], maxCode: named[3] };
  if (starts.length > 1) {
    const [first, second] = starts as [Name, Name];
    return parameter(`Ambiguous ICMPv6 type \`${text}': \`${first[0]}' or \`${second[0]}'?`);
  }
  const [type, code] = text.split("/");
  if (!isByte(type)) return parameter(`Unknown ICMPv6 type \`${text}'`);
  if (code === undefined) return { type: Number(type), minCode: 0, maxCode: 255 };
  if (!isByte(code)) return parameter(`Unknown ICMPv6 code \`${text}'`);
  return { type: Number(type), minCode: Number(code), maxCode: Number(code) };
}

function isByte(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= 255;
}
