import { address, addressText, compareAddresses, parseIPv4, parseIPv6, type Address } from "../../ip.ts";
import type { NatWish } from "../hook-point.ts";
import type { GivenOptions, ReadContext, TargetExtension } from "../extension.ts";
import { parameter, type Options, type Problem, type RuleDraft } from "../row.ts";
import { TCP, UDP } from "../protocols.ts";

/** The addresses and ports that a NAT target may choose from. */
export interface NatRange {
  readonly from?: string;
  readonly to?: string;
  readonly minPort?: number;
  readonly maxPort?: number;
  readonly basePort?: number;
  readonly random?: true;
  readonly randomFully?: true;
  readonly persistent?: true;
}

/** `10.0.0.1`, `10.0.0.1-10.0.0.9`, `10.0.0.1:80-90`, `:80`; for DNAT also `:80-90/1000`. */
export function readRange(text: string, { family }: Pick<ReadContext, "family">): NatRange | Problem {
  if (family === 6) return readRange6(text);
  if (text.startsWith("[")) return parameter("Invalid address format");
  const colon = text.indexOf(":");
  const hosts = colon < 0 ? text : text.slice(0, colon);
  let range: NatRange = {};
  if (hosts !== "") {
    const [from, to = from] = hosts.split("-") as [string, string?];
    for (const host of [from, to]) if (parseIPv4(host) === undefined) return parameter(`Bad IP address "${host}"`);
    range = { from, to };
  }
  if (colon < 0) return range;
  const ports = readPorts(text.slice(colon + 1));
  return "problem" in ports ? ports : { ...range, ...ports };
}

/** `fd00::5`, `fd00::1-fd00::9`, `[fd00::5]:8080`, `:80`. */
function readRange6(text: string): NatRange | Problem {
  if (text.startsWith(":") && !text.startsWith("::")) return readPorts(text.slice(1));
  const match = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const hosts = match ? match[1]! : text;
  const [from, to = from] = hosts.split("-") as [string, string?];
  for (const host of [from, to]) if (parseIPv6(host) === undefined) return parameter(`Bad IP address "${host}"`);
  const range = { from: addressText(parseIPv6(from)!), to: addressText(parseIPv6(to)!) };
  if (match?.[2] === undefined) return range;
  const ports = readPorts(match[2]);
  return "problem" in ports ? ports : { ...range, ...ports };
}

export function readPorts(text: string, based = true): NatRange | Problem {
  const match = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(text);
  if (!match) return parameter(`Port \`${text}' not valid`);
  if (match[3] !== undefined && !based) return parameter(`Garbage after port value: \`/${match[3]}'`);
  const [min, max, base] = [match[1], match[2] ?? match[1], match[3]].map((part) =>
    part === undefined ? undefined : Number(part),
  ) as [number, number, number | undefined];
  for (const port of [min, max, base ?? 1]) if (port > 65535) return parameter(`Port \`${port}' not valid`);
  if (max < min) return parameter(`Port range \`${max}' funky`);
  return { minPort: min, maxPort: max, ...(base === undefined ? {} : { basePort: base }) };
}

export const RANDOM_OPTIONS: TargetExtension["options"] = {
  "--random": { key: "random", words: 0, read: () => true },
  "--random-fully": { key: "randomFully", words: 0, read: () => true },
};

export const PERSISTENT_OPTION: TargetExtension["options"] = {
  "--persistent": { key: "persistent", words: 0, read: () => true },
};

/** Ports can be changed only where there are some. */
export function finishRange(range: NatRange, given: GivenOptions, draft: RuleDraft): Options | Problem {
  const ported = draft.protocol && !draft.protocol.not && [TCP, UDP, 33, 132].includes(draft.protocol.value);
  if (range.minPort !== undefined && !ported) return parameter("Need TCP, UDP, SCTP or DCCP with port specification");
  const flags = Object.fromEntries(
    ["random", "randomFully", "persistent"].filter((flag) => given.has(flag)).map((flag) => [flag, true]),
  );
  return { ...range, ...flags };
}

/** `10.0.0.1-10.0.0.9:80-90/1000`. */
export function rangeText(range: NatRange): string {
  const { from, to, minPort, maxPort, basePort } = range;
  const plain = from === undefined ? "" : from === to ? from : `${from}-${to}`;
  if (minPort === undefined) return plain;
  const hosts = plain.includes(":") ? `[${plain}]` : plain;
  return `${hosts}:${minPort === maxPort ? minPort : `${minPort}-${maxPort}`}${basePort === undefined ? "" : `/${basePort}`}`;
}

export function flagsText(range: NatRange, dashes: string): string {
  const flags = [
    [range.random, "random"],
    [range.randomFully, "random-fully"],
    [range.persistent, "persistent"],
  ] as const;
  return flags.map(([set, name]) => (set ? ` ${dashes}${name}` : "")).join("");
}

/** The range as the walk wants it. */
export function natWish(manip: NatWish["manip"], range: NatRange): NatWish {
  return {
    manip,
    ...(range.from === undefined ? {} : ends(address(range.from), address(range.to ?? range.from))),
    ...(range.minPort === undefined ? {} : { minPort: range.minPort, maxPort: range.maxPort ?? range.minPort }),
    ...(range.basePort === undefined ? {} : { basePort: range.basePort }),
    ...(range.random ? { random: true } : {}),
    ...(range.randomFully ? { randomFully: true } : {}),
    ...(range.persistent ? { persistent: true } : {}),
  };
}

/** `1024-2048`. */
export function portsText({ minPort, maxPort }: NatRange): string {
  return minPort === maxPort ? `${minPort}` : `${minPort}-${maxPort}`;
}

/** A range that was written the wrong way round is taken the right way. */
function ends(from: Address, to: Address): { from: Address; to: Address } {
  return compareAddresses(from, to) <= 0 ? { from, to } : { from: to, to: from };
}
