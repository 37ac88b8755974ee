import type { Process, Program } from "../../sim/host/index.ts";
import {
  isBuiltIn,
  isProblem,
  isTable,
  listChains,
  listRule,
  namespaceOf,
  netfilterOf,
  NO_COUNT,
  touchTable,
  type Netfilter,
  type RuleDraft,
  type TableName,
} from "../../sim/net/index.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { change } from "./change.ts";
import { readCommand, type Command } from "./command.ts";
import { complaint, hint, notPermitted, type Complaint } from "./complain.ts";
import { listing, ruleListing } from "./list.ts";
import { ruleNames } from "./names.ts";
import { legacyWarning } from "./legacy-warning.ts";
import { restoreProgram } from "./restore.ts";
import { saveProgram } from "./save.ts";
import { isVersion189, versionText, type Variant } from "./variant.ts";
import { usage } from "./usage.ts";
import { splitClusters } from "./words.ts";

const nft = { backend: "nf_tables" } as const;
const legacy = { backend: "legacy" } as const;

export const iptables = program({ program: "iptables", family: 4, ...nft });
export const iptablesSave = saveProgram({ program: "iptables-save", family: 4, ...nft });
export const iptablesRestore = restoreProgram({ program: "iptables-restore", family: 4, ...nft });
export const iptablesLegacy = program({ program: "iptables", family: 4, ...legacy });
export const iptablesLegacySave = saveProgram({ program: "iptables-save", family: 4, ...legacy });
export const iptablesLegacyRestore = restoreProgram({ program: "iptables-restore", family: 4, ...legacy });
export const ip6tables = program({ program: "ip6tables", family: 6, ...nft });
export const ip6tablesSave = saveProgram({ program: "ip6tables-save", family: 6, ...nft });
export const ip6tablesRestore = restoreProgram({ program: "ip6tables-restore", family: 6, ...nft });
export const ip6tablesLegacy = program({ program: "ip6tables", family: 6, ...legacy });
export const ip6tablesLegacySave = saveProgram({ program: "ip6tables-save", family: 6, ...legacy });
export const ip6tablesLegacyRestore = restoreProgram({ program: "ip6tables-restore", family: 6, ...legacy });

function program(variant: Variant): Program {
  return {
    name: variant.program,
    summary: "administration tool for IPv4/IPv6 packet filtering and NAT",
    async run(process, args) {
      const { text, error, status } = await run(process, variant, args);
      // What goes on all the same was warned of first.
      if (error !== "" && status === 0) await process.error(error);
      if (text !== "") await process.print(text);
      if (error !== "" && status !== 0) await process.error(error);
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
  const netfilter = netfilterOf(namespaceOf(process), variant.family, variant.backend);
  const command = readCommand(words, {
    ...ruleNames(process, variant),
    family: variant.family,
    backend: variant.backend,
    hasChain: (table, chain) =>
      isTable(table) && (netfilter[table].chains.has(chain) || (netfilter[table].exists && isBuiltIn(table, chain))),
  });
  if (isProblem(command)) {
    const { text, status } = complaint(process, variant, command);
    return { text: "", error: `${command.warnings?.join("") ?? ""}${text}`, status };
  }
  if (command.verb === "version") return { text: `${versionText(process, variant)}\n`, error: "", status: 0 };
  if (command.verb === "help") return { text: usage(versionText(process, variant), variant), error: "", status: 0 };
  if (command.otherFamily) return { text: "", error: hint(variant.program), status: 2 };
  if (!mayAdminNetwork(process)) return failed(notPermitted(process, variant));
  const { table } = command;
  if (!isTable(table)) {
    const missing =
      variant.backend === "legacy"
        ? `can't initialize ${variant.program} table \`${table}': Table does not exist (do you need to insmod?)`
        : `table '${table}' does not exist`;
    const why = `${missing}\nPerhaps ${variant.program} or your kernel needs to be upgraded.`;
    return failed({ text: `${versionText(process, variant)}: ${why}\n`, status: 3 });
  }
  // The older interface makes a table when it is first looked at.
  if (variant.backend === "legacy") touchTable(netfilter, table);
  const outcome = await runCommand(process, variant, netfilter, table, command);
  const warning = command.warnings.join("");
  return warning === "" ? outcome : { ...outcome, error: `${warning}${outcome.error}` };
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
  let error = "";
  if (command.verb === "list" || command.verb === "list-rules") {
    error = legacyWarning(process, variant, variant.program);
    text =
      command.verb === "list"
        ? await listing(process, netfilter, table, command)
        : ruleListing(netfilter, table, command);
    if (text === undefined) return failed(noChain(process, variant, table, command));
    if (!command.zero) return { text, error, status: 0 };
  }
  if (command.verbose) text += changeWords(netfilter, table, command);
  // The chains that were listed are not there to be set to zero.
  if (command.zero && !netfilter[table].exists && variant.backend === "nf_tables") {
    const chain = command.chain ?? listChains(netfilter, table)[0]!.name;
    const missing = ` CHAIN_ZERO failed (No such file or directory): chain ${chain}`;
    return { text, error: `${versionText(process, variant)}: ${missing}\n`, status: 4 };
  }
  const problem = change(netfilter, table, command.zero ? { ...command, verb: "zero" } : command);
  if (problem) return failed(complaint(process, variant, problem));
  if (command.verbose && ["append", "insert", "delete", "replace", "check"].includes(command.verb))
    text = command.rules.map((rule) => `${shown(rule, variant)}\n`).join("");
  return { text, error, status: 0 };
}

/** What `-v` says while it empties, zeroes or deletes chains. */
function changeWords(netfilter: Netfilter, table: TableName, { verb, chain, zero, number }: Command): string {
  const verbs: Partial<Record<Command["verb"], string>> = {
    flush: "Flushing",
    zero: "Zeroing",
    "delete-chain": "Deleting",
  };
  const doing = verbs[zero ? "zero" : verb];
  if (doing === undefined || number !== undefined) return "";
  const all = listChains(netfilter, table).filter(({ policy, name }) =>
    verb === "zero" ? netfilter[table].chains.has(name) : verb !== "delete-chain" || policy === undefined,
  );
  return all
    .filter(({ name }) => chain === undefined || name === chain)
    .map(({ name }) => `${doing} chain \`${name}'\n`)
    .join("");
}

/** 1.8.9 takes a chain that it does not find for one of nft's. */
function noChain(process: Process, variant: Variant, table: TableName, { chain }: Command): Complaint {
  if (isVersion189(process) && variant.backend === "nf_tables")
    return {
      text: `${versionText(process, variant)}: chain \`${chain!}' in table \`${table}' is incompatible, use 'nft' tool.\n`,
      status: 1,
    };
  return complaint(process, variant, { problem: "missing", text: "No chain/target/match by that name." });
}

/** What `-v` says of a rule that is changed: its line without columns. */
function shown(rule: RuleDraft, { family }: Variant): string {
  const line = listRule(rule, 1, NO_COUNT, { numeric: true, verbose: true, family });
  const match = /^ *\d+ +\d+ (\S*) +(\S+) +(--|-f|!f) +(\S+) +(\S+) +(!?\S+) +(!?\S+) *(.*)$/.exec(line);
  if (!match) return line;
  const [, target, protocol, fragment, input, output, source, destination, rest] = match;
  const blank = (end: string): string => (end.startsWith("!") ? end : ` ${end}`);
  const ends = `${blank(source!)}  -> ${destination!}`;
  return `${target!}  ${protocol!} opt ${fragment!} in ${input!} out ${output!} ${ends}  ${rest === "" ? "" : ` ${rest!}`}`;
}
