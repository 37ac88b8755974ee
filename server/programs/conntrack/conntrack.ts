import type { Process, Program } from "../../sim/host/index.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import {
  conntrackStatistics,
  deleteFlow,
  familyText,
  flowText,
  listFlows,
  namespaceOf,
  protocolName,
  addressText,
  tupleAddress,
  type ConntrackRow,
  type Namespace,
} from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { follow } from "./events.ts";
import { fits } from "./filter.ts";
import { readCommand, type Command, type Given } from "./options.ts";
import { changesNothing, create, update } from "./write.ts";

/** Shows, makes, changes and deletes the flows that connection tracking knows (conntrack-tools 1.4). */
export const conntrack: Program = {
  name: "conntrack",
  summary: "command line interface for netfilter connection tracking",
  async run(process, args) {
    const { text, said, status } = await run(process, args);
    if (text !== "") await process.print(text);
    if (said !== "") await process.error(said);
    return status;
  },
};

const [ICMP, TCP, UDP] = [1, 6, 17];

interface Outcome {
  readonly text: string;
  readonly said: string;
  readonly status: number;
}

const HINT = "Try `conntrack -h' or 'conntrack --help' for more information.\n";

async function run(process: Process, args: readonly string[]): Promise<Outcome> {
  const version = `conntrack v${versionOf(process, "conntrack") || "1.4.8"} (conntrack-tools)`;
  const say = (text: string, status = 0): Outcome => ({ text: "", said: `${version}: ${text}\n`, status });
  const command = readCommand(joinAddresses(args));
  if ("unsimulated" in command)
    return { text: "", said: `drydock: conntrack: '${command.unsimulated}' is not simulated\n`, status: 64 };
  if ("refused" in command) return { text: "", said: `${version}: ${command.refused}\n${HINT}`, status: 2 };
  if (command.name === "version") return { text: `${version}\n`, said: "", status: 0 };
  if (!mayAdminNetwork(process))
    return say("Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this", 1);
  const ns = namespaceOf(process);
  if (command.table === "expect") return expectations(command, say);
  switch (command.name) {
    case "count":
      return { text: `${listFlows(ns).length}\n`, said: "", status: 0 };
    case "flush":
      for (const row of listFlows(ns)) deleteFlow(ns, row, { pid: process.pid });
      return say("connection tracking table has been emptied.");
    case "stats":
      return { text: statistics(process, ns), said: "", status: 0 };
    case "events":
      return say(`${await follow(process, ns, command)} flow events have been shown.`);
    case "create":
    case "add": {
      const refused = create(ns, command, { pid: process.pid, name: "conntrack" });
      if (refused !== undefined && command.name === "create") return say(refused, 1);
      const count = refused === undefined ? 1 : 0;
      return say(`${count} flow entries have been ${command.name === "add" ? "added" : "created"}.`);
    }
    default:
      return flows(process, ns, command, say);
  }
}

/** The address behind `-n` and its like may be a word of its own. */
function joinAddresses(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of args) {
    const before = joined.at(-1) ?? "";
    if (/^-[ngj]$/.test(before) && !word.startsWith("-")) joined.push(`${joined.pop()!}${word}`);
    else if (/^--(src|dst|any)-nat$/.test(before) && !word.startsWith("-")) joined.push(`${joined.pop()!}=${word}`);
    else joined.push(word);
  }
  return joined;
}

/** Helpers that expect connections are not simulated, so that nothing is ever expected. */
function expectations({ name }: Command, say: (text: string, status?: number) => Outcome): Outcome {
  if (name === "count") return { text: "0\n", said: "", status: 0 };
  if (name === "flush") return say("expectation table has been emptied.");
  return say(`0 expectations have been ${name === "delete" ? "deleted" : "shown"}.`);
}

function flows(
  process: Process,
  ns: Namespace,
  command: Command,
  say: (text: string, status?: number) => Outcome,
): Outcome {
  const { name, given } = command;
  // Flows that are about to end, or that have not begun, are not seen from outside a packet's walk.
  const seen = command.table === "conntrack" && !(name === "update" && changesNothing(given));
  const rows = seen ? listFlows(ns).filter((row) => fits(row, command)) : [];
  if (name === "get" && rows.length === 0) return say("Operation failed: such conntrack doesn't exist", 1);
  let shown = rows;
  const author = { pid: process.pid };
  if (name === "delete") for (const row of rows) deleteFlow(ns, row, author);
  if (name === "update") shown = rows.map((row) => update(ns, row, given, author));
  const use = name === "update" || name === "get" ? 2 : 1;
  const text = shown.map((row) => `${line(row, ns, given, use)}\n`).join("");
  const done = name === "delete" ? "deleted" : name === "update" ? "updated" : "shown";
  const status = (name === "delete" || name === "update") && rows.length === 0 ? 1 : 0;
  return { ...say(`${rows.length} flow entries have been ${done}.`, status), text };
}

function line(row: ConntrackRow, ns: Namespace, given: Given, use: number): string {
  const output = given.value("output")?.split(",") ?? [];
  if (output.includes("save")) return saveText(row, ns);
  const family = output.includes("extended") ? `${familyText(row)} ` : "";
  return `${family}${flowText(row, ns.kernel.now, use)}${output.includes("id") ? ` id=${row.id}` : ""}`;
}

/** The options that would make it again (conntrack.c: ct_save_snprintf). */
function saveText({ protocol, original, reply, ...row }: ConntrackRow, ns: Namespace): string {
  const left = Math.max(0, Math.floor((row.expires - ns.kernel.now) / SECOND));
  const status = [row.seenReply ? "SEEN_REPLY" : "", row.assured ? "ASSURED" : ""].filter((word) => word !== "");
  const end = (value: ConntrackRow["original"]["src"]): string => addressText(tupleAddress(value));
  const words = [
    `-A -t ${left} -u ${status.length === 0 ? "UNSET" : status.join(",")}`,
    `-s ${end(original.src)} -d ${end(original.dst)}`,
    `${row.destinationNat ? "-g" : "-r"} ${end(reply.src)} ${row.sourceNat ? "-n" : "-q"} ${end(reply.dst)}`,
    `-p ${protocolName(protocol) ?? protocol}`,
  ];
  if (protocol === TCP) words.push(`--state ${row.tcp}`);
  if (protocol === TCP || protocol === UDP)
    words.push(
      `--sport ${original.sport} --dport ${original.dport} --reply-port-src ${reply.sport} --reply-port-dst ${reply.dport}`,
    );
  else if (protocol === ICMP)
    words.push(`--icmp-type ${original.dport >> 8} --icmp-code ${original.dport & 0xff} --icmp-id ${original.sport}`);
  return words.join(" ");
}

/** One line for each processor; all is counted on the first. */
function statistics(process: Process, ns: Namespace): string {
  const { invalid, drop } = conntrackStatistics(ns);
  return Array.from({ length: process.machine.row.cpus }, (_, cpu) => {
    const own = (count: number): number => (cpu === 0 ? count : 0);
    const words = [
      "found=0", `invalid=${own(invalid)}`, "insert=0", "insert_failed=0", `drop=${own(drop)}`, "early_drop=0", "error=0",
      "search_restart=0", "clash_resolve=0", "chaintoolong=0",
    ]; // prettier-ignore
    return `cpu=${cpu}   \t${words.join(" ")} \n`;
  }).join("");
}
