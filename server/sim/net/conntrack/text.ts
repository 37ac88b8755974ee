import { SECOND, type Time } from "../../kernel/index.ts";
import { addressText } from "../ip.ts";
import type { FlowEvent } from "./events.ts";
import { ICMP, ICMPV6, protocolName, SCTP, TCP, UDP } from "../netfilter/protocols.ts";
import { tupleAddress, type ConntrackRow, type Tuple } from "./row.ts";

/** A flow as `conntrack -L` prints it; what was asked for alone is held twice. */
export function flowText(row: ConntrackRow, now: Time, use = 1): string {
  return `${entryText(row, now)} mark=${row.mark} use=${use}`;
}

/** What `conntrack -E` says behind the kind of event: without a time once there is none left. */
export function flowEventText({ row, author, kind }: FlowEvent, now: Time): string {
  const mark = author?.name === undefined ? "" : ` mark=${row.mark}`;
  const name = author?.name === undefined ? "" : ` progname=${author.name}`;
  const by = author === undefined ? "" : ` [USERSPACE] portid=${author.pid}${name}`;
  return `${`[${kind}]`.padStart(9)} ${entryText(row, now, row.expires > now)}${mark}${by}`;
}

/** The same as /proc/net/nf_conntrack has it: with its family, its zone, and the reader's own hold on it. */
export function procFlowText(row: ConntrackRow, now: Time): string {
  return `${familyText(row)} ${entryText(row, now)} mark=${row.mark} zone=0 use=2`;
}

/** `ipv4     2`. */
export function familyText({ original }: ConntrackRow): string {
  return typeof original.src === "number" ? "ipv4     2" : "ipv6     10";
}

function entryText(row: ConntrackRow, now: Time, timed = true): string {
  const { protocol } = row;
  const left = timed ? ` ${Math.max(0, Math.floor((row.expires - now) / SECOND))}` : "";
  const known = protocol === ICMPV6 ? "icmpv6" : (protocolName(protocol) ?? "unknown");
  const tcp = protocol === TCP ? ` ${row.tcp}` : "";
  const unreplied = row.seenReply ? "" : " [UNREPLIED]";
  const assured = row.assured ? " [ASSURED]" : "";
  const [original, reply] = [row.original, row.reply].map((tuple) => tupleText(protocol, tuple));
  return `${known.padEnd(8)} ${protocol}${left}${tcp} ${original}${unreplied} ${reply}${assured}`;
}

function tupleText(protocol: number, { src, dst, sport, dport }: Tuple): string {
  const ends = `src=${addressText(tupleAddress(src))} dst=${addressText(tupleAddress(dst))}`;
  if (protocol === TCP || protocol === UDP || protocol === SCTP) return `${ends} sport=${sport} dport=${dport}`;
  if (protocol === ICMP || protocol === ICMPV6) return `${ends} type=${dport >> 8} code=${dport & 0xff} id=${sport}`;
  return ends;
}
