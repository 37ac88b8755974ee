import { decode } from "../../sim/kernel/index.ts";
import { join, readAll, type Process, type Program } from "../../sim/host/index.ts";
import {
  complaintText,
  lookupHostsFile,
  namespaceOf,
  runNft,
  UnsimulatedNft,
  type NftSource,
} from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { accountNames, serviceNames } from "../iptables/names.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { parseOptions, type Flags, type Options } from "../options.ts";
import { answer, type Shown, type ShowStyle } from "./show.ts";
import { NFT_USAGE } from "./usage.ts";

const FLAGS = {
  help: { short: "h", long: "help" },
  version: { short: "v", long: "version" },
  details: { short: "V", simulated: false },
  file: { short: "f", long: "file", arg: "filename" },
  define: { short: "D", long: "define", arg: "name=value" },
  interactive: { short: "i", long: "interactive", simulated: false },
  include: { short: "I", long: "includepath", arg: "directory" },
  check: { short: "c", long: "check" },
  optimize: { short: "o", long: "optimize", simulated: false },
  handle: { short: "a", long: "handle" },
  stateless: { short: "s", long: "stateless" },
  terse: { short: "t", long: "terse" },
  service: { short: "S", long: "service" },
  reversedns: { short: "N", long: "reversedns", simulated: false },
  guid: { short: "u", long: "guid", simulated: false },
  numeric: { short: "n", long: "numeric" },
  priority: { short: "y", long: "numeric-priority" },
  protocol: { short: "p", long: "numeric-protocol", simulated: false },
  time: { short: "T", long: "numeric-time" },
  echo: { short: "e", long: "echo", simulated: false },
  json: { short: "j", long: "json", simulated: false },
  debug: { short: "d", long: "debug", arg: "level", simulated: false },
} as const satisfies Flags;

type Parsed = Options<keyof typeof FLAGS>;

/**
 * nft: tables, chains, rules, sets and maps of the families ip, ip6 and inet, and those that iptables-nft wrote in nf_tables'
 * language. What of its language is not simulated, it says.
 */
export const nft: Program = {
  name: "nft",
  summary: "administration tool of the nftables framework for packet filtering and classification",
  async run(process, args) {
    const misplaced = optionBehind(args);
    if (misplaced !== undefined) {
      await process.error(misplaced.words);
      await process.print(misplaced.marks);
      return 1;
    }
    const parsed = parseOptions(FLAGS, args);
    if ("notSimulated" in parsed) return fail(process, 64, `drydock: nft: '${parsed.notSimulated}' is not simulated\n`);
    if ("problem" in parsed) return fail(process, 1, `nft: ${parsed.problem}\n`);
    if (parsed.has("help")) {
      await process.print(NFT_USAGE);
      return 0;
    }
    const version = versionOf(process, "nftables") || "1.0.9";
    if (parsed.has("version")) {
      await process.print(`nftables v${version} (${RELEASES[version] ?? ""})\n`);
      return 0;
    }
    const source = await sourceOf(process, parsed);
    if (typeof source === "string") return fail(process, 1, source);
    if (!mayAdminNetwork(process)) return fail(process, 1, NOT_PERMITTED);
    try {
      return await run(process, parsed, source, version);
    } catch (error) {
      if (!(error instanceof UnsimulatedNft)) throw error;
      return fail(process, 64, `drydock: nft: '${error.what}' is not simulated\n`);
    }
  },
};

async function run(process: Process, parsed: Parsed, source: NftSource, version: string): Promise<number> {
  const ns = namespaceOf(process);
  const { host } = process;
  const accounts = accountNames(host);
  const hosts = host.readText("/etc/hosts") ?? "";
  const names = serviceNames(host);
  const values = {
    names,
    host: (name: string) => lookupHostsFile(hosts, name),
    user: accounts.user,
    group: accounts.group,
  };
  const surroundings = {
    values,
    destroys: version !== "1.0.6",
    defined: parsed.values("define").map((one) => one.split("=", 2) as [string, string]),
    readFile: (path: string) => readFile(process, parsed, path),
  };
  const ran = runNft(ns, source, surroundings, parsed.has("check"));
  if (ran.complaints.length > 0) return fail(process, 1, ran.complaints.map(complaintText).join(""));
  const numeric = parsed.has("numeric");
  const style: ShowStyle = {
    numeric,
    numericPriority: numeric || parsed.has("priority"),
    service: parsed.has("service") && !numeric,
    stateless: parsed.has("stateless"),
    terse: parsed.has("terse"),
    handles: parsed.has("handle"),
    quoted: version !== "1.0.6",
    context: ran.session.values,
  };
  const shown: Shown[] = [];
  for (const query of ran.queries) {
    const said = answer(ns, query, style);
    if ("says" in said) return fail(process, 1, complaintText(said));
    shown.push(...said);
  }
  await show(process, shown);
  return 0;
}

async function show(process: Process, shown: readonly Shown[]): Promise<void> {
  // What goes to a pipe is written when all is done.
  if (!process.isTty(1)) await process.error(shown.map(({ warning }) => warning).join(""));
  for (const { warning, text } of shown) {
    if (process.isTty(1)) await process.error(warning);
    await process.print(text);
  }
}

const RELEASES: Readonly<Record<string, string>> = { "1.0.6": "Lester Gooch #5", "1.0.9": "Old Doc Yak #3" };

const NOT_PERMITTED =
  "Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n";

/** The text of the commands; words if there is none. */
async function sourceOf(process: Process, parsed: Parsed): Promise<NftSource | string> {
  const path = parsed.value("file");
  if (path === undefined) {
    if (parsed.operands.length === 0) return "nft: no command specified\n";
    return { name: "", text: `${parsed.operands.join(" ")}\n` };
  }
  if (path === "-")
    return {
      name: "/dev/stdin",
      text: decode((await readAll(process, process.fds.get(0), process.kernel.limits.memory)) ?? ""),
    };
  const text = process.host.readText(full(process, path));
  if (text === undefined)
    return `internal:0:0-0: Error: Could not open file "${path}": No such file or directory\n\n\n`;
  return { name: path, text };
}

function full(process: Process, path: string): string {
  return path.startsWith("/") ? path : join(process.cwd, path);
}

/** A file that is included: as it is named, or in one of the directories of `-I`, or in /etc. */
function readFile(process: Process, parsed: Parsed, path: string): string | undefined {
  const read = (file: string): string | undefined => process.host.readText(full(process, file));
  if (path.startsWith("/") || path.startsWith("./") || path.startsWith("../")) return read(path);
  for (const directory of [...parsed.values("include"), "/etc"]) {
    const text = read(`${directory}/${path}`);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Options must stand before the commands (nft_options_check). */
function optionBehind(args: readonly string[]): { words: string; marks: string } | undefined {
  let at = "nft ".length;
  let command = -1;
  for (const [number, arg] of args.entries()) {
    if (arg.startsWith("{")) return undefined;
    if (arg.startsWith("-") && arg !== "-" && command >= 0 && !/^-\d/.test(arg)) {
      const line = `nft ${args.join(" ")} `;
      const marks = `\n${" ".repeat(command - 1)}^${" ".repeat(at - command)}${"~".repeat(arg.length)}\n`;
      return { words: `Error: syntax error, options must be specified before commands\n${line}`, marks };
    }
    const value = number > 0 && /^-[fIDd]$|^--(file|includepath|define|debug)$/.test(args[number - 1]!);
    if (!arg.startsWith("-") && !value && command < 0) command = at;
    at += arg.length + 1;
  }
  return undefined;
}

async function fail(process: Process, status: number, words: string): Promise<number> {
  await process.error(words);
  return status;
}
