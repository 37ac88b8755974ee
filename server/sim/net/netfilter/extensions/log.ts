import { readNumber, type TargetExtension } from "../extension.ts";
import { logLine } from "../log-line.ts";
import { quote } from "../quote.ts";
import { parameter, unsimulated } from "../row.ts";

interface LogOptions {
  readonly level: number;
  readonly prefix: string;
  readonly flags: number;
}

const LEVELS = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"] as const;

const MACDECODE = 0x20;

/** Bits, options, and what `-L` calls them. */
const FLAGS = [
  [0x01, "--log-tcp-sequence", "tcp-sequence"],
  [0x02, "--log-tcp-options", "tcp-options"],
  [0x04, "--log-ip-options", "ip-options"],
  [0x08, "--log-uid", "uid"],
  [MACDECODE, "--log-macdecode", "macdecode"],
] as const;

/** Packets have no sequence numbers and TCP options here, and sockets no group, so that nothing could be written about them. */
const UNSIMULATED = new Set(["--log-tcp-sequence", "--log-tcp-options", "--log-uid"]);

function flagOption(bit: number, option: string): TargetExtension["options"][string] {
  return { key: `flag${bit}`, words: 0, read: () => (UNSIMULATED.has(option) ? unsimulated(option) : bit) };
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
    ...Object.fromEntries(FLAGS.map(([bit, option]) => [option, flagOption(bit, option)])),
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
    const { prefix, flags } = options as unknown as LogOptions;
    const decode = (flags & MACDECODE) !== 0;
    return (packet, at) => {
      at.log(logLine(prefix, packet, at, decode));
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
