import { parsePrefix, type Prefix } from "../../sim/net/index.ts";
import { parseOptions, type Options } from "../options.ts";

/** What is said against the command line; the hint stands behind it. */
export interface Refusal {
  readonly refused: string;
}

export interface Unsimulated {
  readonly unsimulated: string;
}

const FLAGS = {
  list: { short: "L", long: "dump" },
  delete: { short: "D", long: "delete" },
  count: { short: "C", long: "count" },
  flush: { short: "F", long: "flush" },
  get: { short: "G", long: "get" },
  update: { short: "U", long: "update" },
  stats: { short: "S", long: "stats" },
  events: { short: "E", long: "event" },
  create: { short: "I", long: "create" },
  add: { short: "A", long: "add" },
  eventMask: { short: "e", long: "event-mask", arg: "eventmask" },
  buffer: { short: "b", long: "buffer-size", arg: "size" },
  source: { short: "s", long: "orig-src", arg: "ip" },
  src: { long: "src", arg: "ip" },
  destination: { short: "d", long: "orig-dst", arg: "ip" },
  dst: { long: "dst", arg: "ip" },
  replySource: { short: "r", long: "reply-src", arg: "ip" },
  replyDestination: { short: "q", long: "reply-dst", arg: "ip" },
  protocol: { short: "p", long: "protonum", arg: "proto" },
  proto: { long: "proto", arg: "proto" },
  family: { short: "f", long: "family", arg: "proto" },
  mark: { short: "m", long: "mark", arg: "mark" },
  timeout: { short: "t", long: "timeout", arg: "timeout" },
  status: { short: "u", long: "status", arg: "status" },
  zone: { short: "w", long: "zone", arg: "value", simulated: false },
  zero: { short: "z", long: "zero", simulated: false },
  label: { short: "l", long: "label", arg: "label", simulated: false },
  sourceNat: { short: "n", long: "src-nat", arg: "ip", optional: true },
  destinationNat: { short: "g", long: "dst-nat", arg: "ip", optional: true },
  anyNat: { short: "j", long: "any-nat", arg: "ip", optional: true },
  output: { short: "o", long: "output", arg: "type" },
  sport: { long: "sport", arg: "port" },
  origPortSource: { long: "orig-port-src", arg: "port" },
  dport: { long: "dport", arg: "port" },
  origPortDestination: { long: "orig-port-dst", arg: "port" },
  replyPortSource: { long: "reply-port-src", arg: "port" },
  replyPortDestination: { long: "reply-port-dst", arg: "port" },
  state: { long: "state", arg: "state" },
  icmpType: { long: "icmp-type", arg: "type" },
  icmpCode: { long: "icmp-code", arg: "code" },
  icmpId: { long: "icmp-id", arg: "id" },
  version: { short: "V", long: "version" },
  help: { short: "h", long: "help", simulated: false },
} as const;

export type Given = Options<keyof typeof FLAGS>;

const COMMANDS = ["list", "delete", "count", "flush", "get", "update", "stats", "create", "add", "events"] as const;
const PORTS = [
  "sport",
  "origPortSource",
  "dport",
  "origPortDestination",
  "replyPortSource",
  "replyPortDestination",
] as const;
const TABLES = ["conntrack", "expect", "dying", "unconfirmed"] as const;

export type CommandName = (typeof COMMANDS)[number];
export type TableName = (typeof TABLES)[number];

export interface Command {
  readonly name: CommandName | "version";
  readonly table: TableName;
  readonly given: Given;
  readonly protocol: number | undefined;
  readonly family: 4 | 6 | undefined;
}

/** Protocols that have a module of options (extensions/libct_proto_*.c). */
const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  icmpv6: 58,
  "ipv6-icmp": 58,
  sctp: 132,
  udplite: 136,
};

export const TCP_STATES = [
  "NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
  "LISTEN",
]; // prettier-ignore

const EVENTS = ["ALL", "NEW", "UPDATES", "DESTROY"];

const STATUSES = [
  "EXPECTED",
  "ASSURED",
  "SEEN_REPLY",
  "FIXED_TIMEOUT",
  "CONFIRMED",
  "SNAT",
  "DNAT",
  "UNREPLIED",
  "UNSET",
  "OFFLOAD",
  "HW_OFFLOAD",
];

/** Reads a command line as conntrack.c does. */
export function readCommand(args: readonly string[]): Command | Refusal | Unsimulated {
  const given = parseOptions(FLAGS, args);
  if ("notSimulated" in given) return { unsimulated: given.notSimulated };
  if ("problem" in given) return { refused: getoptWords(given.problem) };
  const base = { given, protocol: undefined, family: undefined, table: "conntrack" } as const;
  if (given.has("version")) return { ...base, name: "version" };
  const commands = given.given.map(({ flag }) => flag).filter(isCommand);
  const [name] = commands;
  if (name === undefined) return { unsimulated: "--help" };
  if (commands.length > 1) return { refused: "Invalid commands combination" };
  const table = given.operands[0] ?? "conntrack";
  if (!isTable(table)) return { refused: `unknown type \`${table}'` };
  const wanted = given.value("protocol") ?? given.value("proto");
  const protocol = wanted === undefined ? undefined : protocolOf(wanted);
  if (wanted !== undefined && protocol === undefined) return { refused: `\`${wanted}' unsupported protocol` };
  const family = familyOf(given.value("family"));
  if (family === null) return { refused: `\`${given.value("family")!}' unsupported protocol` };
  const refused = checkFilters(given, name, protocol);
  return refused ?? { name, table, given, protocol, family };
}

function isCommand(flag: string): flag is CommandName {
  return (COMMANDS as readonly string[]).includes(flag);
}

function isTable(word: string): word is TableName {
  return (TABLES as readonly string[]).includes(word);
}

function getoptWords(problem: string): string {
  const missing = /requires an argument -- '(.)'|option '(--[^']*)' requires/.exec(problem);
  if (missing) return `option \`${missing[1] === undefined ? missing[2]! : `-${missing[1]}`}' requires an argument`;
  const unknown = /invalid option -- '(.)'|unrecognized option '([^']*)'/.exec(problem);
  return unknown ? `unknown option \`${unknown[1] === undefined ? unknown[2]! : `-${unknown[1]}`}'` : problem;
}

function protocolOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined;
  return PROTOCOLS[text.toLowerCase()];
}

/** Undefined for both, null for none. */
function familyOf(text: string | undefined): 4 | 6 | undefined | null {
  if (text === undefined) return undefined;
  return text === "ipv4" ? 4 : text === "ipv6" ? 6 : null;
}

/** Options that their protocol does not have are none; values are checked before anything is done. */
function checkFilters(
  given: Given,
  name: CommandName,
  protocol: number | undefined,
): Refusal | Unsimulated | undefined {
  for (const { flag, as } of given.given) {
    const ported = protocol === 6 || protocol === 17 || protocol === 132 || protocol === 33 || protocol === 136;
    const foreign =
      ((PORTS as readonly string[]).includes(flag) && !ported) ||
      (flag === "state" && protocol !== 6) ||
      (["icmpType", "icmpCode", "icmpId"].includes(flag) && protocol !== 1 && protocol !== 58);
    if (foreign) return { refused: `unknown option \`${as}'` };
  }
  for (const flag of ["source", "src", "destination", "dst", "replySource", "replyDestination"] as const) {
    const text = given.value(flag);
    if (text !== undefined && !parsePrefix(text)) return { refused: `Invalid IP address \`${text}'` };
  }
  if (["flush", "stats", "count"].includes(name)) {
    const illegal = (["source", "src", "destination", "dst"] as const).find((flag) => given.has(flag));
    if (illegal) return { refused: `Illegal option \`--${illegal.startsWith("s") ? "src" : "dst"}' with this command` };
  }
  const writes = name === "update" || name === "create" || name === "add";
  if (given.has("timeout") && !writes) return { refused: "Illegal option `--timeout' with this command" };
  const state = given.value("state");
  if (state !== undefined && !TCP_STATES.includes(state.toUpperCase()))
    return { refused: `unknown TCP state \`${state}'` };
  for (const word of given.value("status")?.split(",") ?? [])
    if (!STATUSES.includes(word.toUpperCase())) return { refused: `Bad parameter \`${word}'` };
  for (const word of given.value("output")?.split(",") ?? []) {
    if (["xml", "ktimestamp", "labels", "userspace"].includes(word)) return { unsimulated: `-o ${word}` };
    if (!["extended", "id", "save", "timestamp"].includes(word)) return { refused: `Bad parameter \`${word}'` };
  }
  for (const word of given.value("eventMask")?.split(",") ?? [])
    if (!EVENTS.includes(word.toUpperCase())) return { refused: `Bad parameter \`${word}'` };
  return checkNeeds(given, name, protocol);
}

/** What a flow that is asked for, or made, must be told by (conntrack.c: commands_v_options, the protocols' final_check). */
function checkNeeds(given: Given, name: CommandName, protocol: number | undefined): Refusal | undefined {
  if (name !== "get" && name !== "create" && name !== "add") return undefined;
  const need = (option: string): Refusal => ({
    refused: `You need to supply the \`--${option}' option for this command`,
  });
  if (protocol === undefined) return need("protonum");
  if (name !== "get" && !given.has("timeout")) return need("timeout");
  const has = (...flags: readonly (keyof typeof FLAGS)[]): boolean => flags.some((flag) => given.has(flag));
  if (protocol === 1 || protocol === 58) {
    const missing = (["icmpType", "icmpCode", "icmpId"] as const).find((flag) => !given.has(flag));
    if (missing) return need(`icmp-${missing.slice(4).toLowerCase()}`);
  }
  if (protocol === 6 && name !== "get" && !given.has("state")) return need("state");
  if (!has("source", "src") || !has("destination", "dst"))
    return { refused: "you have to specify `--src' and `--dst'" };
  if (protocol === 6 || protocol === 17)
    if (!has("sport", "origPortSource") || !has("dport", "origPortDestination"))
      return { refused: "you have to specify `--sport' and `--dport'" };
  return undefined;
}

/** The network that an option names. */
export function prefixOf(text: string | undefined): Prefix | undefined {
  return text === undefined ? undefined : parsePrefix(text);
}
