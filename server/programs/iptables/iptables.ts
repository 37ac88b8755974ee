import type { Process, Program } from "../../sim/host/index.ts";
import {
  isProblem,
  isTable,
  listRule,
  lookupHostsFile,
  namespaceOf,
  netfilterOf,
  NO_COUNT,
  type Netfilter,
  type RuleDraft,
  type TableName,
} from "../../sim/net/index.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { change } from "./change.ts";
import { readCommand, type Command } from "./command.ts";
import { complaint, notPermitted, type Complaint } from "./complain.ts";
import { listing, ruleListing } from "./list.ts";
import { serviceNames } from "./names.ts";
import { restoreProgram } from "./restore.ts";
import { saveProgram } from "./save.ts";
import { isVersion189, versionText, type Variant } from "./variant.ts";
import { splitClusters } from "./words.ts";

export const iptables = program({ program: "iptables", family: 4, backend: "nf_tables" });
export const iptablesSave = saveProgram({ program: "iptables-save", family: 4, backend: "nf_tables" });
export const iptablesRestore = restoreProgram({ program: "iptables-restore", family: 4, backend: "nf_tables" });
export const iptablesLegacy = program({ program: "iptables", family: 4, backend: "legacy" });
export const iptablesLegacySave = saveProgram({ program: "iptables-save", family: 4, backend: "legacy" });
export const ip6tables = program({ program: "ip6tables", family: 6, backend: "nf_tables" });
export const ip6tablesSave = saveProgram({ program: "ip6tables-save", family: 6, backend: "nf_tables" });

function program(variant: Variant): Program {
  return {
    name: variant.program,
    summary: "administration tool for IPv4/IPv6 packet filtering and NAT",
    async run(process, args) {
      const { text, error, status } = await run(process, variant, args);
      if (text !== "") await process.print(text);
      if (error !== "") await process.error(error);
      return status;
    },
  };
}

interface Outcome {
  readonly text: string;
  readonly error: string;
  readonly status: number;
}

async function run(process: Process, variant: Variant, args: readonly string[]): Promise<Outcome> {
  const failed = ({ text, status }: Complaint): Outcome => ({ text: "", error: text, status });
  const words = splitClusters(variant.program, args);
  if (isProblem(words)) return failed(complaint(process, variant, words));
  const netfilter =
    variant.backend === "nf_tables" && variant.family === 4 ? netfilterOf(namespaceOf(process)) : undefined;
  const hosts = process.host.readText("/etc/hosts") ?? "";
  const command = readCommand(words, {
    names: serviceNames(process.host),
    lookup: (host) => lookupHostsFile(hosts, host).filter((address) => !address.includes(":")),
    hasChain: (table, chain) => isTable(table) && (netfilter?.[table].chains.has(chain) ?? false),
  });
  if (isProblem(command)) return failed(complaint(process, variant, command));
  if (command.verb === "version") return { text: `${versionText(process, variant)}\n`, error: "", status: 0 };
  if (command.verb === "help")
    return failed({ text: `drydock: ${variant.program}: '--help' is not simulated\n`, status: 64 });
  if (!mayAdminNetwork(process)) return failed(notPermitted(process, variant));
  const { table } = command;
  if (!isTable(table)) {
    const why = `table '${table}' does not exist\nPerhaps ${variant.program} or your kernel needs to be upgraded.`;
    return failed({ text: `${versionText(process, variant)}: ${why}\n`, status: 3 });
  }
  if (!netfilter) return withoutRules(variant, table, command);
  return runCommand(process, variant, netfilter, table, command);
}

async function runCommand(
  process: Process,
  variant: Variant,
  netfilter: Netfilter,
  table: TableName,
  command: Command,
): Promise<Outcome> {
  const failed = ({ text, status }: Complaint): Outcome => ({ text: "", error: text, status });
  let text: string | undefined = "";
  if (command.verb === "list" || command.verb === "list-rules") {
    text =
      command.verb === "list"
        ? await listing(process, netfilter, table, command)
        : ruleListing(netfilter, table, command);
    if (text === undefined) return failed(noChain(process, variant, table, command));
    if (!command.zero) return { text, error: "", status: 0 };
  }
  const problem = change(netfilter, table, command.zero ? { ...command, verb: "zero" } : command);
  if (problem) return failed(complaint(process, variant, problem));
  if (command.verbose && ["append", "insert", "delete", "replace", "check"].includes(command.verb))
    text = command.rules.map((rule) => `${shown(rule)}\n`).join("");
  return { text, error: "", status: 0 };
}

/** 1.8.9 takes a chain that it does not find for one of nft's. */
function noChain(process: Process, variant: Variant, table: TableName, { chain, verb }: Command): Complaint {
  if (isVersion189(process) && verb === "list")
    return {
      text: `${versionText(process, variant)}: chain \`${chain!}' in table \`${table}' is incompatible, use 'nft' tool.\n`,
      status: 1,
    };
  return complaint(process, variant, { problem: "missing", text: "No chain/target/match by that name." });
}

/** What `-v` says of a rule that is changed: its line without columns. */
function shown(rule: RuleDraft): string {
  const line = listRule(rule, 1, NO_COUNT, { numeric: true, verbose: true });
  const match = /^ *\d+ +\d+ (\S*) +(\S+) +(--|-f|!f) +(\S+) +(\S+) +(!?\S+) +(!?\S+) *(.*)$/.exec(line);
  if (!match) return line;
  const [, target, protocol, fragment, input, output, source, destination, rest] = match;
  return `${target!}  ${protocol!} opt ${fragment!} in ${input!} out ${output!}  ${source!}  -> ${destination!}  ${rest!}`;
}

/** IPv6 rules, and those of the older interface: there are none, which is shown, and none can be made. */
function withoutRules(variant: Variant, table: TableName, command: Command): Outcome {
  const chains: Readonly<Record<TableName, readonly string[]>> = {
    raw: ["PREROUTING", "OUTPUT"],
    mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
    nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
    filter: ["INPUT", "FORWARD", "OUTPUT"],
    security: ["INPUT", "FORWARD", "OUTPUT"],
  };
  const { chain, verb } = command;
  const names = chains[table].filter((name) => chain === undefined || name === chain);
  const missing = `${variant.program}: No chain/target/match by that name.\n`;
  if (names.length === 0 && verb !== "append") return { text: "", error: missing, status: 1 };
  if (verb === "list-rules") return { text: names.map((name) => `-P ${name} ACCEPT\n`).join(""), error: "", status: 0 };
  if (verb === "flush" || verb === "zero" || (verb === "delete-chain" && chain === undefined))
    return { text: "", error: "", status: 0 };
  if (verb !== "list") {
    const what = variant.backend === "legacy" ? `${variant.program}-legacy` : variant.program;
    return { text: "", error: `drydock: ${what}: changing rules is not simulated\n`, status: 64 };
  }
  const counts = command.verbose ? " 0 packets, 0 bytes" : "";
  const head = `${command.lineNumbers ? "num  " : ""}${command.verbose ? " pkts bytes " : ""}target     prot opt ${command.verbose ? "in     out     " : ""}source               destination         `;
  return {
    text: names.map((name) => `Chain ${name} (policy ACCEPT${counts})\n${head}\n`).join("\n"),
    error: "",
    status: 0,
  };
}
