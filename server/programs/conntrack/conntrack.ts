import type { Process, Program } from "../../sim/host/index.ts";
import {
  conntrackStatistics,
  deleteFlow,
  familyText,
  flowText,
  listFlows,
  namespaceOf,
  updateFlowMark,
  type ConntrackRow,
  type Namespace,
} from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { fits } from "./filter.ts";
import { readCommand, type Command, type Given } from "./options.ts";

/** Shows and deletes the flows that connection tracking knows (conntrack-tools 1.4). */
export const conntrack: Program = {
  name: "conntrack",
  summary: "command line interface for netfilter connection tracking",
  async run(process, args) {
    const { text, said, status } = run(process, args);
    if (text !== "") await process.print(text);
    if (said !== "") await process.error(said);
    return status;
  },
};

interface Outcome {
  readonly text: string;
  readonly said: string;
  readonly status: number;
}

const HINT = "Try `conntrack -h' or 'conntrack --help' for more information.\n";

function run(process: Process, args: readonly string[]): Outcome {
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
      for (const row of listFlows(ns)) deleteFlow(ns, row);
      return say("connection tracking table has been emptied.");
    case "stats":
      return { text: statistics(process, ns), said: "", status: 0 };
    default:
      return flows(ns, command, say);
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

function flows(ns: Namespace, command: Command, say: (text: string, status?: number) => Outcome): Outcome {
  const { name, given } = command;
  // Flows that are about to end, or that have not begun, are not seen from outside a packet's walk.
  const rows = command.table === "conntrack" ? listFlows(ns).filter((row) => fits(row, command)) : [];
  if (name === "get" && rows.length === 0) return say("Operation failed: such conntrack doesn't exist", 1);
  let shown = rows;
  if (name === "delete") for (const row of rows) deleteFlow(ns, row);
  if (name === "update") {
    const mark = Number(given.value("mark") ?? 0);
    shown = given.has("mark") ? rows.map((row) => updateFlowMark(ns, row, mark)) : rows;
  }
  const text = shown.map((row) => `${line(row, ns, given)}\n`).join("");
  const done = name === "delete" ? "deleted" : name === "update" ? "updated" : "shown";
  const status = name === "delete" && rows.length === 0 ? 1 : 0;
  return { ...say(`${rows.length} flow entries have been ${done}.`, status), text };
}

function line(row: ConntrackRow, ns: Namespace, given: Given): string {
  const output = given.value("output")?.split(",") ?? [];
  const family = output.includes("extended") ? `${familyText(row)} ` : "";
  return `${family}${flowText(row, ns.kernel.now)}${output.includes("id") ? ` id=${row.id}` : ""}`;
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
