import type { MatchExtension } from "../extension.ts";
import { ICMP } from "../protocols.ts";
import { parameter, type Problem } from "../row.ts";

/** Inclusive range of codes; type 255 stands for any. */
interface IcmpOptions {
  readonly type: number;
  readonly minCode: number;
  readonly maxCode: number;
  readonly not?: true;
}

type Name = readonly [name: string, type: number, minCode: number, maxCode: number];

/** Names as libxt_icmp.h has them; where two mean the same, the first is printed. */
const NAMES: readonly Name[] = [
  ["any", 255, 0, 255],
  ["echo-reply", 0, 0, 255],
  ["pong", 0, 0, 255],
  ["destination-unreachable", 3, 0, 255],
  ["network-unreachable", 3, 0, 0],
  ["host-unreachable", 3, 1, 1],
  ["protocol-unreachable", 3, 2, 2],
  ["port-unreachable", 3, 3, 3],
  ["fragmentation-needed", 3, 4, 4],
  ["source-route-failed", 3, 5, 5],
  ["network-unknown", 3, 6, 6],
  ["host-unknown", 3, 7, 7],
  ["network-prohibited", 3, 9, 9],
  ["host-prohibited", 3, 10, 10],
  ["TOS-network-unreachable", 3, 11, 11],
  ["TOS-host-unreachable", 3, 12, 12],
  ["communication-prohibited", 3, 13, 13],
  ["host-precedence-violation", 3, 14, 14],
  ["precedence-cutoff", 3, 15, 15],
  ["source-quench", 4, 0, 255],
  ["redirect", 5, 0, 255],
  ["network-redirect", 5, 0, 0],
  ["host-redirect", 5, 1, 1],
  ["TOS-network-redirect", 5, 2, 2],
  ["TOS-host-redirect", 5, 3, 3],
  ["echo-request", 8, 0, 255],
  ["ping", 8, 0, 255],
  ["router-advertisement", 9, 0, 255],
  ["router-solicitation", 10, 0, 255],
  ["time-exceeded", 11, 0, 255],
  ["ttl-exceeded", 11, 0, 255],
  ["ttl-zero-during-transit", 11, 0, 0],
  ["ttl-zero-during-reassembly", 11, 1, 1],
  ["parameter-problem", 12, 0, 255],
  ["ip-header-bad", 12, 0, 0],
  ["required-option-missing", 12, 1, 1],
  ["timestamp-request", 13, 0, 255],
  ["timestamp-reply", 14, 0, 255],
  ["address-mask-request", 17, 0, 255],
  ["address-mask-reply", 18, 0, 255],
];

export const icmp: MatchExtension = {
  kind: "match",
  header: true,
  name: "icmp",
  family: 4,
  protocol: ICMP,
  options: {
    "--icmp-type": { key: "type", words: 1, not: true, read: ([text]) => readType(text!) },
  },
  finish(given, draft) {
    if (given.size > 0 && (draft.protocol?.value !== ICMP || draft.protocol.not))
      return parameter("ICMP match requires '-p icmp'");
    const type = given.get("type");
    if (!type) return parameter('icmp: option "--icmp-type" must be specified\n');
    return { ...(type.value as IcmpOptions), ...(type.not ? { not: true as const } : {}) };
  },
  save(options) {
    const { type, minCode, maxCode, not } = options as unknown as IcmpOptions;
    const value = type === 255 ? "any" : minCode === 0 && maxCode === 255 ? `${type}` : `${type}/${minCode}`;
    return `${not ? " !" : ""} --icmp-type ${value}`;
  },
  list(options, style) {
    const { type, minCode, maxCode, not } = options as unknown as IcmpOptions;
    const name = NAMES.find(([, known, min, max]) => known === type && min === minCode && max === maxCode)?.[0];
    if (!style.numeric && name !== undefined) return ` icmp ${not ? "!" : ""}${name}`;
    const code = minCode === 0 && maxCode === 255 ? "" : ` code ${minCode}`;
    return not ? ` icmp !type ${type}${code}` : ` icmptype ${type}${code}`;
  },
  compile(options) {
    const { type, minCode, maxCode, not } = options as unknown as IcmpOptions;
    return (packet) => {
      if (packet.protocol !== ICMP) return false;
      const code = packet.icmpCode >= minCode && packet.icmpCode <= maxCode;
      return (type === 255 || (packet.icmpType === type && code)) !== (not ?? false);
    };
  },
};

function readType(text: string): IcmpOptions | Problem {
  const lower = text.toLowerCase();
  const exact = NAMES.find(([name]) => name.toLowerCase() === lower);
  const starts = NAMES.filter(([name]) => name.toLowerCase().startsWith(lower));
  const named = exact ?? (starts.length === 1 ? starts[0] : undefined);
  if (named) return { type: named[1], minCode: named[2], maxCode: named[3] };
  if (starts.length > 1) {
    const [first, second] = starts as [Name, Name];
    return parameter(`Ambiguous ICMP type \`${text}': \`${first[0]}' or \`${second[0]}'?`);
  }
  const [type, code] = text.split("/");
  if (!isByte(type)) return parameter(`Unknown ICMP type \`${text}'`);
  if (code === undefined) return { type: Number(type), minCode: 0, maxCode: 255 };
  if (!isByte(code)) return parameter(`Unknown ICMP code \`${text}'`);
  return { type: Number(type), minCode: Number(code), maxCode: Number(code) };
}

function isByte(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= 255;
}
