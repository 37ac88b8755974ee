import { addressText, contains, parsePrefix, type Prefix } from "../../ip.ts";
import type { ConntrackRow } from "../../conntrack/row.ts";
import { tupleAddress } from "../../conntrack/row.ts";
import type { Tracking } from "../../conntrack/tracking.ts";
import { readNumber, type GivenOptions, type MatchExtension, type OptionSpec } from "../extension.ts";
import { protocolNumber } from "../protocols.ts";
import { parameter, type Problem } from "../row.ts";
import { readPortRange, type PortRange } from "./ports.ts";
import { hasState, readStates, type StateName } from "./state-names.ts";

interface Inverted<T> {
  readonly value: T;
  readonly not?: true;
}

/** In the order in which they are printed. */
const ADDRESSES = ["ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst"] as const;
const PORTS = ["ctorigsrcport", "ctorigdstport", "ctreplsrcport", "ctrepldstport"] as const;
const STATUSES = ["EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"] as const;

type Status = (typeof STATUSES)[number] | "NONE";

type ConntrackOptions = {
  readonly ctstate?: Inverted<readonly StateName[]>;
  readonly ctproto?: Inverted<number>;
  readonly ctstatus?: Inverted<readonly Status[]>;
  readonly ctexpire?: Inverted<readonly [number, number]>;
  readonly ctdir?: Inverted<"ORIGINAL" | "REPLY">;
} & { readonly [K in (typeof ADDRESSES)[number]]?: Inverted<string> } & {
  readonly [K in (typeof PORTS)[number]]?: Inverted<PortRange>;
};

function addressOption(key: string): OptionSpec {
  return { key, words: 1, not: true, read: ([text]) => readPrefix(text!) };
}

function portOption(key: string): OptionSpec {
  return { key, words: 1, not: true, read: ([text], context) => readPortRange(text!, context) };
}

export const conntrack: MatchExtension = {
  kind: "match",
  name: "conntrack",
  tracks: true,
  options: {
    "--ctstate": { key: "ctstate", words: 1, not: true, read: ([text]) => readStates("ctstate", text!) },
    "--ctproto": {
      key: "ctproto",
      words: 1,
      not: true,
      read: ([text]) => protocolNumber(text!) ?? parameter(`unknown protocol "${text}" specified`),
    },
    "--ctorigsrc": addressOption("ctorigsrc"),
    "--ctorigdst": addressOption("ctorigdst"),
    "--ctreplsrc": addressOption("ctreplsrc"),
    "--ctrepldst": addressOption("ctrepldst"),
    "--ctorigsrcport": portOption("ctorigsrcport"),
    "--ctorigdstport": portOption("ctorigdstport"),
    "--ctreplsrcport": portOption("ctreplsrcport"),
    "--ctrepldstport": portOption("ctrepldstport"),
    "--ctstatus": { key: "ctstatus", words: 1, not: true, read: ([text]) => readStatus(text!) },
    "--ctexpire": { key: "ctexpire", words: 1, not: true, read: ([text]) => readSeconds(text!) },
    "--ctdir": {
      key: "ctdir",
      words: 1,
      read([text]) {
        const direction = text!.toUpperCase();
        if (direction === "ORIGINAL" || direction === "REPLY") return direction;
        return parameter(`conntrack: Bad value for "--ctdir" option: "${text}"`);
      },
    },
  },
  finish(given) {
    if (given.size === 0) return parameter("conntrack: At least one option is required");
    return invertible(given);
  },
  save(options) {
    return words(options, "--");
  },
  list(options) {
    return words(options, "");
  },
  compile(options) {
    const { ctstate, ...others } = options as ConntrackOptions;
    const rest = Object.keys(others).length > 0 ? others : undefined;
    if (ctstate && !rest) {
      const { value, not = false } = ctstate as { value: readonly StateName[]; not?: boolean };
      return (packet) => hasState(packet.tracking, value) !== not;
    }
    return (packet, { ns }) => {
      const { tracking } = packet;
      if (ctstate && hasState(tracking, ctstate.value) === (ctstate.not ?? false)) return false;
      return (
        tracking !== undefined && tracking.row !== undefined && fits(others, tracking, tracking.row, ns.kernel.now)
      );
    };
  },
};

function invertible(given: GivenOptions): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [key, { value, not }] of given) options[key] = { value, ...(not ? { not: true } : {}) };
  return options;
}

function readPrefix(text: string): string | Problem {
  const prefix = parsePrefix(text);
  if (!prefix) return parameter("getaddrinfo: Name or service not known\n");
  return text.includes("/") ? `${addressText(prefix.address)}/${prefix.length}` : text;
}

function readStatus(text: string): Status[] | Problem {
  const names: Status[] = [];
  for (const word of text.split(",")) {
    const name = word.toUpperCase();
    if (name !== "NONE" && !(STATUSES as readonly string[]).includes(name)) return parameter(`Bad ctstatus "${word}"`);
    names.push(name as Status);
  }
  return ["NONE" as const, ...STATUSES].filter((name) => names.includes(name));
}

function readSeconds(text: string): [number, number] | Problem {
  const [low, high] = text.split(":");
  const from = low === "" ? 0 : readNumber(low!);
  const to = high === undefined ? from : high === "" ? 0xffff_ffff : readNumber(high);
  if (from === undefined || to === undefined)
    return parameter(`conntrack: bad value for option "--ctexpire" near "${text}", or out of range (0-4294967295).\n`);
  return [from, to];
}

function words(options: ConntrackOptions, dashes: string): string {
  let text = "";
  const add = (name: string, wish: Inverted<unknown> | undefined, value: (value: never) => string): void => {
    if (wish) text += `${wish.not ? " !" : ""} ${dashes}${name} ${value(wish.value as never)}`;
  };
  add("ctstate", options.ctstate, (states: string[]) => states.join(","));
  add("ctproto", options.ctproto, String);
  for (const name of ADDRESSES) add(name, options[name], String);
  const range = ({ min, max }: PortRange): string => (min === max ? `${min}` : `${min}:${max}`);
  for (const name of PORTS) add(name, options[name], range);
  add("ctstatus", options.ctstatus, (names: string[]) => names.join(","));
  add("ctexpire", options.ctexpire, ([low, high]: [number, number]) => (low === high ? `${low}` : `${low}:${high}`));
  add("ctdir", options.ctdir, String);
  return text;
}

function fits(options: ConntrackOptions, tracking: Tracking, row: ConntrackRow, now: number): boolean {
  const { original, reply } = row;
  const ends = [original.src, original.dst, reply.src, reply.dst];
  const ports = [original.sport, original.dport, reply.sport, reply.dport];
  const is = (wish: Inverted<unknown> | undefined, value: boolean): boolean => !wish || value !== (wish.not ?? false);
  for (const [at, name] of ADDRESSES.entries()) {
    const wish = options[name];
    if (wish && !is(wish, contains(prefix(wish.value), tupleAddress(ends[at]!)))) return false;
  }
  for (const [at, name] of PORTS.entries()) {
    const wish = options[name];
    if (wish && !is(wish, ports[at]! >= wish.value.min && ports[at]! <= wish.value.max)) return false;
  }
  const left = Math.max(0, Math.floor((row.expires - now) / 1_000_000));
  const { ctexpire, ctstatus, ctdir, ctproto } = options;
  return (
    is(ctproto, ctproto?.value === row.protocol) &&
    is(ctdir, (ctdir?.value === "REPLY") === tracking.reply) &&
    is(ctexpire, ctexpire !== undefined && left >= ctexpire.value[0] && left <= ctexpire.value[1]) &&
    is(ctstatus, ctstatus !== undefined && ctstatus.value.some((status) => hasStatus(status, tracking, row)))
  );
}

function hasStatus(status: Status, tracking: Tracking, row: ConntrackRow): boolean {
  switch (status) {
    case "SEEN_REPLY":
      return row.seenReply;
    case "ASSURED":
      return row.assured;
    case "CONFIRMED":
      return !tracking.fresh;
    case "EXPECTED":
      return false;
    case "NONE":
      return tracking.fresh && !row.seenReply && !row.assured;
  }
}

const prefixes = new Map<string, Prefix>();

function prefix(text: string): Prefix {
  let known = prefixes.get(text);
  if (!known) prefixes.set(text, (known = parsePrefix(text)!));
  return known;
}
