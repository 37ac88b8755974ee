import {
  parseBitmapRange,
  setType,
  type ElementDraft,
  type SetDraft,
  type SetRow,
  type SetType,
} from "../../sim/net/index.ts";

/** What is said of options: `usage` with the hint behind it and status 2, `problem` with status 1. */
export type Complaint = { readonly usage: string } | { readonly problem: string } | { readonly unsimulated: string };

export function isComplaint(value: object): value is Complaint {
  return "usage" in value || "problem" in value || "unsimulated" in value;
}

function number(text: string, max: number): number | Complaint {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) return { problem: `Syntax error: '${text}' is invalid as number` };
  const value = Number(text);
  return value <= max ? value : { problem: `Syntax error: '${text}' is out of range 0-${max}` };
}

const MAX = 0xffff_ffff;
/** Seconds that fit a kernel timer (IPSET_MAX_TIMEOUT). */
const MAX_TIMEOUT = 2_147_483;

/** The options behind a type's name. */
export function readSetOptions(typeName: string, words: readonly string[]): SetDraft | Complaint {
  const type = setType(typeName);
  if (!type) return { problem: `Syntax error: typename '${typeName}' is unknown` };
  const given: Record<string, unknown> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const value = setOption(type, given, word, words[at + 1]);
    if (typeof value === "object") return value;
    at += value;
  }
  if (type.method === "bitmap" && !given["range"]) return { usage: "Mandatory option `range' is missing" };
  const family = (given["family"] as SetRow["family"] | undefined) ?? "inet";
  const draft: SetDraft = {
    type: type.name,
    family,
    hashsize: powerOfTwo((given["hashsize"] as number | undefined) ?? 1024),
    maxelem: (given["maxelem"] as number | undefined) ?? 65_536,
    bucketsize: (given["bucketsize"] as number | undefined) ?? 12,
    ...pick(given, ["netmask", "markmask", "range", "timeout", "counters", "comment", "forceadd"]),
    ...(type.method === "list" ? { size: Math.max(4, (given["size"] as number | undefined) ?? 8) } : {}),
  };
  const [from, to] = draft.range ?? [];
  if (type.name !== "bitmap:port" && from !== undefined && to !== undefined && spanOf(draft, from, to) > 65_536)
    return { problem: "The range you specified exceeds the size limit of the set type" };
  return draft;
}

function pick(given: Readonly<Record<string, unknown>>, keys: readonly string[]): object {
  return Object.fromEntries(keys.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]));
}

function powerOfTwo(value: number): number {
  let size = 64;
  while (size < value) size *= 2;
  return size;
}

/** Elements that a bitmap has room for. */
export function spanOf({ netmask = 32 }: Pick<SetRow, "netmask">, from: string, to: string): number {
  const bits = (text: string): number => text.split(".").reduce((value, part) => value * 256 + Number(part), 0);
  return from.includes(".") ? (bits(to) - bits(from) + 1) / 2 ** (32 - netmask) : Number(to) - Number(from) + 1;
}

/** Takes one option and returns how many words behind it were its value. */
function setOption(
  type: SetType,
  given: Record<string, unknown>,
  word: string,
  next: string | undefined,
): number | Complaint {
  const flags = ["counters", "comment", "forceadd"];
  if (flags.includes(word) && !(word === "forceadd" && type.method !== "hash")) {
    given[word] = true;
    return 0;
  }
  if (word === "skbinfo" || word === "bitmask") return { unsimulated: word };
  const hash = type.method === "hash";
  const has = type.parts;
  const takes: Readonly<Record<string, boolean>> = {
    family: hash && (has.includes("ip") || has.includes("net")),
    hashsize: hash,
    maxelem: hash,
    bucketsize: hash,
    initval: hash,
    netmask: type.name === "hash:ip" || type.name === "bitmap:ip",
    markmask: has.includes("mark"),
    range: type.method === "bitmap",
    size: type.method === "list",
    timeout: true,
  };
  if (!takes[word]) {
    if (word === "-4" || word === "-6") {
      given["family"] = word === "-4" ? "inet" : "inet6";
      return 0;
    }
    return { usage: `Unknown argument: \`${word}'` };
  }
  if (next === undefined) return { usage: `Missing mandatory argument of option \`${word}'` };
  const value = optionValue(type, word, next);
  if (typeof value === "object" && value !== null && !Array.isArray(value) && isComplaint(value)) return value;
  given[word] = value;
  return 1;
}

function optionValue(type: SetType, word: string, text: string): unknown {
  switch (word) {
    case "family":
      if (text === "inet" || text === "inet6") return text;
      if (text === "4" || text === "ipv4") return "inet";
      if (text === "6" || text === "ipv6") return "inet6";
      return { problem: `Syntax error: unknown inet family ${text}` };
    case "range": {
      const range = parseBitmapRange(type.parts, text);
      return "problem" in range ? { problem: range.problem } : range;
    }
    case "netmask":
      return number(text, 128);
    case "timeout":
      return number(text, MAX_TIMEOUT);
    default:
      return number(text, MAX);
  }
}

/** The options behind an element: whether its set takes them is the kernel's business. */
export function readElementOptions(set: SetRow, words: readonly string[]): Omit<ElementDraft, "key"> | Complaint {
  const given: Record<string, unknown> = {};
  const type = setType(set.type)!;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "nomatch" && type.parts.includes("net")) {
      given["nomatch"] = true;
      continue;
    }
    if (["skbmark", "skbprio", "skbqueue", "before", "after"].includes(word)) return { unsimulated: word };
    if (!["timeout", "packets", "bytes", "comment"].includes(word)) return { usage: `Unknown argument: \`${word}'` };
    const next = words[++at];
    if (next === undefined) return { usage: `Missing mandatory argument of option \`${word}'` };
    const value = word === "comment" ? next : number(next, word === "timeout" ? MAX_TIMEOUT : Number.MAX_SAFE_INTEGER);
    if (typeof value === "object") return value;
    given[word] = value;
  }
  if (given["timeout"] !== undefined && set.timeout === undefined)
    return { problem: "Timeout cannot be used: set was created without timeout support" };
  if (given["comment"] !== undefined && !set.comment)
    return { problem: "Comment cannot be used: set was created without comment support" };
  if ((given["packets"] !== undefined || given["bytes"] !== undefined) && !set.counters)
    return { problem: "Packet/byte counters cannot be used: set was created without counter support" };
  return given;
}
