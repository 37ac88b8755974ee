import type { Process, Program } from "../../sim/host/index.ts";
import {
  addressText,
  deleteFlow,
  flowText,
  listFlows,
  namespaceOf,
  parsePrefix,
  contains,
  protocolNumber,
  tupleAddress,
  type ConntrackRow,
} from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { parseOptions } from "../options.ts";

const FLAGS = {
  list: { short: "L", long: "dump", arg: "table", optional: true },
  delete: { short: "D", long: "delete", arg: "table", optional: true },
  count: { short: "C", long: "count", arg: "table", optional: true },
  flush: { short: "F", long: "flush", arg: "table", optional: true },
  get: { short: "G", long: "get", arg: "table", optional: true, simulated: false },
  events: { short: "E", long: "event", simulated: false },
  create: { short: "I", long: "create", simulated: false },
  update: { short: "U", long: "update", simulated: false },
  stats: { short: "S", long: "stats", simulated: false },
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
  sport: { long: "sport", arg: "port" },
  origPortSource: { long: "orig-port-src", arg: "port" },
  dport: { long: "dport", arg: "port" },
  origPortDestination: { long: "orig-port-dst", arg: "port" },
  state: { long: "state", arg: "state" },
  status: { short: "u", long: "status", arg: "status" },
  sourceNat: { short: "n", long: "src-nat", arg: "ip", optional: true },
  destinationNat: { short: "g", long: "dst-nat", arg: "ip", optional: true },
  anyNat: { short: "j", long: "any-nat", arg: "ip", optional: true },
  output: { short: "o", long: "output", arg: "type", simulated: false },
  version: { short: "V", long: "version" },
  help: { short: "h", long: "help", simulated: false },
} as const;

type Given = Exclude<ReturnType<typeof parseOptions<typeof FLAGS>>, { problem: string } | { notSimulated: string }>;

/** Shows and deletes the flows that connection tracking knows (conntrack-tools 1.4). */
export const conntrack: Program = {
  name: "conntrack",
  summary: "command line interface for netfilter connection tracking",
  async run(process, args) {
    const options = parseOptions(FLAGS, args);
    if ("notSimulated" in options) {
      await process.error(`drydock: conntrack: '${options.notSimulated}' is not simulated\n`);
      return 64;
    }
    const version = `conntrack v${versionOf(process, "conntrack") || "1.4.8"} (conntrack-tools)`;
    if ("problem" in options) {
      await process.error(
        `conntrack: ${options.problem}\n${version}: Bad parameter\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`,
      );
      return 2;
    }
    if (options.has("version")) {
      await process.print(`${version}\n`);
      return 0;
    }
    const { text, said, status } = run(process, options, version);
    await process.print(text);
    if (said !== "") await process.error(said);
    return status;
  },
};

interface Outcome {
  readonly text: string;
  readonly said: string;
  readonly status: number;
}

function run(process: Process, options: Given, version: string): Outcome {
  const ns = namespaceOf(process);
  if (!mayAdminNetwork(process))
    return {
      text: "",
      said: `${version}: Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n`,
      status: 1,
    };
  if (options.has("count")) return { text: `${listFlows(ns).length}\n`, said: "", status: 0 };
  if (options.has("flush")) {
    for (const row of listFlows(ns)) deleteFlow(ns, row);
    return { text: "", said: `${version}: connection tracking table has been emptied.\n`, status: 0 };
  }
  const chosen = options.lastOf("list", "delete");
  if (chosen === undefined) {
    const hint = "Try `conntrack -h' or 'conntrack --help' for more information.\n";
    return { text: "", said: `${version}: You must specify a command\n${hint}`, status: 2 };
  }
  const rows = listFlows(ns).filter((row) => fits(row, options));
  const text = rows.map((row) => `${flowText(row, ns.kernel.now)}\n`).join("");
  if (chosen === "delete") for (const row of rows) deleteFlow(ns, row);
  const what = chosen === "delete" ? "deleted" : "shown";
  const said = `${version}: ${rows.length} flow entries have been ${what}.\n`;
  return { text, said, status: chosen === "delete" && rows.length === 0 ? 1 : 0 };
}

function fits(row: ConntrackRow, options: Given): boolean {
  const protocol = options.value("protocol") ?? options.value("proto");
  if (protocol !== undefined && protocolNumber(protocol) !== row.protocol) return false;
  const { original, reply } = row;
  const ends = [
    [options.value("source") ?? options.value("src"), original.src],
    [options.value("destination") ?? options.value("dst"), original.dst],
    [options.value("replySource"), reply.src],
    [options.value("replyDestination"), reply.dst],
  ] as const;
  for (const [wanted, own] of ends) {
    const prefix = wanted === undefined ? undefined : parsePrefix(wanted);
    if (wanted !== undefined && !(prefix && contains(prefix, tupleAddress(own)))) return false;
  }
  const sport = options.value("sport") ?? options.value("origPortSource");
  if (sport !== undefined && Number(sport) !== original.sport) return false;
  const dport = options.value("dport") ?? options.value("origPortDestination");
  if (dport !== undefined && Number(dport) !== original.dport) return false;
  const state = options.value("state");
  if (state !== undefined && row.tcp !== state) return false;
  const mark = options.value("mark");
  if (mark !== undefined && Number(mark) !== row.mark) return false;
  for (const status of (options.value("status") ?? "").split(",")) {
    if (status === "ASSURED" && !row.assured) return false;
    if (status === "SEEN_REPLY" && !row.seenReply) return false;
    if (status === "UNSET" && (row.assured || row.seenReply)) return false;
  }
  return natFits(row, options);
}

/** `--src-nat`, perhaps with the address that it was changed to. */
function natFits(row: ConntrackRow, options: Given): boolean {
  const source = addressText(tupleAddress(row.reply.dst));
  const destination = addressText(tupleAddress(row.reply.src));
  const wants = (
    flag: "sourceNat" | "destinationNat" | "anyNat",
    ...to: readonly (readonly [boolean, string])[]
  ): boolean => {
    if (!options.has(flag)) return true;
    const address = options.value(flag);
    return to.some(([translated, shown]) => translated && (address === undefined || address === shown));
  };
  return (
    wants("sourceNat", [row.sourceNat, source]) &&
    wants("destinationNat", [row.destinationNat, destination]) &&
    wants("anyNat", [row.sourceNat, source], [row.destinationNat, destination])
  );
}
