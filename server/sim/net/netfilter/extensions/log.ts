import { addressText } from "../../ip.ts";
import { headersOf, type Packet } from "../../walk/packet.ts";
import { readNumber, type TargetExtension } from "../extension.ts";
import type { HookPoint } from "../hook-point.ts";
import { protocolName, TCP, UDP } from "../protocols.ts";
import { quote } from "../quote.ts";
import { parameter } from "../row.ts";

interface LogOptions {
  readonly level: number;
  readonly prefix: string;
  readonly flags: number;
}

const LEVELS = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"] as const;

/** Bits, options, and what `-L` calls them. */
const FLAGS = [
  [0x01, "--log-tcp-sequence", "tcp-sequence"],
  [0x02, "--log-tcp-options", "tcp-options"],
  [0x04, "--log-ip-options", "ip-options"],
  [0x08, "--log-uid", "uid"],
  [0x20, "--log-macdecode", "macdecode"],
] as const;

function flagOption(bit: number): TargetExtension["options"][string] {
  return { key: `flag${bit}`, words: 0, read: () => bit };
}

/** Writes a line to the kernel's log and lets the packet go on. */
export const LOG: TargetExtension = {
  kind: "target",
  name: "LOG",
  options: {
    "--log-level": { key: "level", words: 1, read: ([text]) => readLevel(text!) },
    "--log-prefix": {
      key: "prefix",
      words: 1,
      read: ([text]) => (text!.includes("\n") ? parameter("Newlines not allowed in --log-prefix") : text!.slice(0, 29)),
    },
    ...Object.fromEntries(FLAGS.map(([bit, option]) => [option, flagOption(bit)])),
  },
  finish(given) {
    let flags = 0;
    for (const [bit] of FLAGS) if (given.has(`flag${bit}`)) flags |= bit;
    return { level: given.get("level")?.value ?? 4, prefix: given.get("prefix")?.value ?? "", flags };
  },
  save(options) {
    const { level, prefix, flags } = options as unknown as LogOptions;
    const names = FLAGS.filter(([bit]) => flags & bit).map(([, option]) => ` ${option}`);
    const level_ = level === 4 ? "" : ` --log-level ${level}`;
    return `${prefix === "" ? "" : ` --log-prefix ${quote(prefix)}`}${level_}${names.join("")}`;
  },
  list(options, style) {
    const { level, prefix, flags } = options as unknown as LogOptions;
    const shownPrefix = prefix === "" ? "" : ` prefix "${prefix}"`;
    if (style.numeric) return ` LOG flags ${flags} level ${level}${shownPrefix}`;
    const names = FLAGS.filter(([bit]) => flags & bit).map(([, , name]) => ` ${name}`);
    return ` LOG level ${LEVELS[level]}${names.join("")}${shownPrefix}`;
  },
  compile(options) {
    const { prefix } = options as unknown as LogOptions;
    return (packet, at) => {
      at.log(logLine(prefix, packet, at));
      return "continue";
    };
  },
};

function readLevel(text: string) {
  const number = readNumber(text, 7);
  if (number !== undefined) return number;
  const lower = text.toLowerCase();
  const alias = lower === "panic" ? "emerg" : lower === "err" ? "error" : lower === "warning" ? "warn" : lower;
  const level = (LEVELS as readonly string[]).indexOf(alias);
  return level >= 0 ? level : parameter(`log level "${text}" unknown\n`);
}

/** As nf_log_ipv4 writes it, without the timestamp. */
function logLine(prefix: string, packet: Packet, at: HookPoint): string {
  const { sport, dport, icmp } = headersOf(packet);
  const mac = at.in && packet.dstMac !== "" ? ` MAC=${packet.dstMac}:${packet.srcMac}:08:00` : at.in ? " MAC=" : "";
  const ports = packet.protocol === TCP || packet.protocol === UDP ? ` SPT=${sport} DPT=${dport}` : "";
  const echo = icmp ? ` TYPE=${icmp.type} CODE=${icmp.code} ID=${icmp.id} SEQ=${icmp.seq}` : "";
  const protocol = (protocolName(packet.protocol) ?? String(packet.protocol)).toUpperCase();
  return (
    `${prefix}IN=${at.in?.name ?? ""} OUT=${at.out?.name ?? ""}${mac} SRC=${addressText(packet.src)} ` +
    `DST=${addressText(packet.dst)} LEN=${packet.size} TOS=0x00 PREC=0x00 TTL=${packet.ttl} ID=0` +
    `${packet.df ? " DF" : ""} PROTO=${protocol}${ports}${echo}${packet.mark ? ` MARK=0x${(packet.mark >>> 0).toString(16)}` : ""}`
  );
}
