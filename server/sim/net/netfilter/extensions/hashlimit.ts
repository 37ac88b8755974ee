import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import { addressText, mask, networkOf } from "../../ip.ts";
import type { Packet } from "../../walk/packet.ts";
import { readNumber, type GivenOptions, type MatchExtension, type OptionSpec } from "../extension.ts";
import { spend } from "../rule-state.ts";
import { parameter, unsimulated, type Problem } from "../row.ts";
import { MICRO_SCALE, perSecond, rateText, readPeriod } from "./rate.ts";

const MODES = ["srcip", "srcport", "dstip", "dstport"] as const;
type Mode = (typeof MODES)[number];

/** Packets, by the time that each takes in millionths of a second; or bytes in a second. */
type Rate = { readonly period: number } | { readonly bytes: number };

interface HashlimitOptions {
  readonly above?: true;
  readonly rate: Rate;
  /** Packets; of bytes, how many seconds' worth. */
  readonly burst?: number;
  readonly modes: readonly Mode[];
  readonly name: string;
  readonly size?: number;
  readonly max?: number;
  readonly gcinterval?: number;
  /** Milliseconds. */
  readonly expire?: number;
  readonly srcmask?: number;
  readonly dstmask?: number;
}

const BURST = 5;
const UNITS = [
  ["mb", 1024 * 1024],
  ["kb", 1024],
  ["b", 1],
] as const;

function rate(option: string): OptionSpec {
  return { key: option === "--hashlimit-above" ? "above" : "upto", words: 1, not: true, read: ([text]) => readRate(option, text!) };
} // prettier-ignore

function number(key: string, max = 0xffff_ffff): OptionSpec {
  const option = `--hashlimit-${key}`;
  return {
    key,
    words: 1,
    read: ([text]) =>
      readNumber(text!, max) ?? parameter(`hashlimit: bad value for option "${option}", or out of range (0-${max}).\n`),
  };
}

/** Limits how often packets come, for each sender, receiver or whatever its mode tells apart (xt_hashlimit). */
export const hashlimit: MatchExtension = {
  kind: "match",
  name: "hashlimit",
  options: {
    "--hashlimit-upto": rate("--hashlimit-upto"),
    "--hashlimit-above": rate("--hashlimit-above"),
    "--hashlimit": rate("--hashlimit"),
    "--hashlimit-burst": { key: "burst", words: 1, read: ([text]) => readBurst(text!) },
    "--hashlimit-mode": { key: "mode", words: 1, read: ([text]) => readModes(text!) },
    "--hashlimit-srcmask": number("srcmask", 128),
    "--hashlimit-dstmask": number("dstmask", 128),
    "--hashlimit-htable-size": { ...number("htable-size"), key: "size" },
    "--hashlimit-htable-max": { ...number("htable-max"), key: "max" },
    "--hashlimit-htable-gcinterval": { ...number("htable-gcinterval"), key: "gcinterval" },
    "--hashlimit-htable-expire": { ...number("htable-expire"), key: "expire" },
    "--hashlimit-name": { key: "name", words: 1, read: ([text]) => text },
    "--hashlimit-rate-match": {
      key: "match",
      words: 0,
      read: () => unsimulated("-m hashlimit --hashlimit-rate-match"),
    },
    "--hashlimit-rate-interval": {
      key: "interval",
      words: 1,
      read: () => unsimulated("-m hashlimit --hashlimit-rate-interval"),
    },
  },
  finish(given, _, family) {
    const wish = given.get("upto") ?? given.get("above");
    if (!wish) return parameter("You have to specify --hashlimit");
    if (!given.has("name")) return parameter('hashlimit: option "--hashlimit-name" must be specified\n');
    const whole = family === 4 ? 32 : 128;
    const kept = wish.value as Rate;
    const burst = given.get("burst")?.value as { readonly bytes?: number; readonly packets?: number } | undefined;
    const units = burstOf(kept, burst);
    if (typeof units === "object") return units;
    return {
      ...(given.has("above") !== wish.not ? { above: true as const } : {}),
      rate: kept,
      ...(units === undefined ? {} : { burst: units }),
      modes: given.get("mode")?.value ?? [],
      name: given.get("name")!.value,
      ...optional(given, "size", 0),
      ...optional(given, "max", 0),
      ...optional(given, "gcinterval", 1000),
      ...optional(given, "expire", expireOf(kept)),
      ...optional(given, "srcmask", whole),
      ...optional(given, "dstmask", whole),
    };
  },
  save(options) {
    const wish = options as unknown as HashlimitOptions;
    const how = wish.above ? "above" : "upto";
    const modes = wish.modes.length === 0 ? "" : ` --hashlimit-mode ${wish.modes.join(",")}`;
    const table = rest(wish, (word, value) => ` --hashlimit-${word} ${value}`);
    return ` --hashlimit-${how} ${limitText(wish, " --hashlimit-burst ")}${modes} --hashlimit-name ${wish.name}${table}`;
  },
  list(options) {
    const wish = options as unknown as HashlimitOptions;
    const modes = wish.modes.length === 0 ? "" : ` mode ${wish.modes.join("-")}`;
    const table = rest(wish, (word, value) => ` ${word} ${value}`);
    return ` limit: ${wish.above ? "above" : "up to"} ${limitText(wish, " burst ")}${modes}${table}`;
  },
  compile(options) {
    const wish = options as unknown as HashlimitOptions;
    const { rate: kept, burst = 1, above = false } = wish;
    const bytes = "bytes" in kept;
    const [speed, room] = bytes ? [kept.bytes, kept.bytes * burst] : [perSecond(MICRO_SCALE, kept.period), burst];
    const keep = (wish.expire ?? expireOf(kept)) * MILLISECOND;
    return (packet, { ns }) => {
      const key = `${wish.name} ${keyOf(wish, packet)}`;
      return spend(ns, "hashlimit", key, { perSecond: speed, room, cost: bytes ? packet.bytes : 1, keep }) !== above;
    };
  },
};

function keyOf({ modes, srcmask, dstmask }: HashlimitOptions, packet: Packet): string {
  const parts = modes.map((mode) => {
    if (mode === "srcip") return networkText(packet.src, srcmask);
    if (mode === "dstip") return networkText(packet.dst, dstmask);
    return mode === "srcport" ? packet.sport : packet.dport;
  });
  return parts.join(" ");
}

function networkText(value: Packet["src"], length: number | undefined): string {
  if (length === undefined) return addressText(value);
  return addressText(typeof value === "number" ? value & mask(Math.min(32, length)) : networkOf(value, length));
}

/** Words that are said only where they are not the default's. */
function rest(wish: HashlimitOptions, word: (name: string, value: number) => string): string {
  const parts = [
    ["htable-size", wish.size],
    ["htable-max", wish.max],
    ["htable-gcinterval", wish.gcinterval],
    ["htable-expire", wish.expire],
    ["srcmask", wish.srcmask],
    ["dstmask", wish.dstmask],
  ] as const;
  return parts.map(([name, value]) => (value === undefined ? "" : word(name, value))).join("");
}

function optional(given: GivenOptions, key: string, usual: number): Record<string, unknown> {
  const value = given.get(key)?.value;
  return value === undefined || value === usual ? {} : { [key]: value };
}

/** How long an entry lasts if nothing is said: the unit of its rate. Milliseconds. */
function expireOf(kept: Rate): number {
  if ("bytes" in kept) return SECOND / MILLISECOND;
  const unit = rateText(MICRO_SCALE, kept.period).split("/")[1];
  return { day: 86_400_000, hour: 3_600_000, min: 60_000, sec: 1000 }[unit!]!;
}

function limitText({ rate: kept, burst }: HashlimitOptions, before: string): string {
  if ("period" in kept) return `${rateText(MICRO_SCALE, kept.period)}${before}${burst ?? BURST}`;
  return `${bytesText(kept.bytes)}/s${burst === undefined ? "" : `${before}${bytesText(kept.bytes * burst)}`}`;
}

function bytesText(bytes: number): string {
  const [unit, size] = UNITS.find(([, one]) => bytes >= one && bytes % one === 0) ?? UNITS[2];
  return `${bytes / size}${unit}`;
}

function readRate(option: string, text: string): Rate | Problem {
  const bytes = /^(.*)\/s$/.exec(text) && readBytes(text.slice(0, -2));
  if (bytes) return { bytes };
  const period = readPeriod(MICRO_SCALE, text);
  if (period === "fast") return parameter(`Rate too fast "${text}"`);
  return period === undefined ? parameter(`hashlimit: Bad value for "${option}" option: "${text}"`) : { period };
}

function readBytes(text: string): number | undefined {
  const match = /^(\d+)([km]?)b$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * { k: 1024, m: 1024 * 1024, "": 1 }[match[2] as "k" | "m" | ""];
}

function readBurst(text: string) {
  const bytes = readBytes(text);
  if (bytes !== undefined) return { bytes };
  const packets = readNumber(text, 1_000_000);
  if (packets) return { packets };
  return parameter('bad value for option "--hashlimit-burst", or out of range (1-1000000).');
}

function burstOf(
  kept: Rate,
  burst: { readonly bytes?: number; readonly packets?: number } | undefined,
): number | Problem | undefined {
  if ("period" in kept) return burst === undefined ? BURST : (burst.packets ?? burst.bytes);
  if (burst === undefined) return undefined;
  const units = Math.floor((burst.bytes ?? burst.packets!) / kept.bytes);
  return units > 0 ? units : parameter(`burst cannot be smaller than ${kept.bytes}b`);
}

function readModes(text: string): readonly Mode[] | Problem {
  const wanted = text.split(",");
  for (const word of wanted)
    if (!(MODES as readonly string[]).includes(word))
      return parameter(`hashlimit: Bad value for "--hashlimit-mode" option: "${text}"`);
  return MODES.filter((mode) => wanted.includes(mode));
}
