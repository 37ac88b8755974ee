import type { Process, Program } from "../../sim/host/index.ts";
import { namespaceOf } from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { parseOptions, type Flags } from "../options.ts";
import { runCommand } from "./command.ts";
import { Refusal } from "./refusal.ts";
import { NFT_USAGE } from "./usage.ts";

const FLAGS = {
  help: { short: "h", long: "help" },
  version: { short: "v", long: "version" },
  details: { short: "V", simulated: false },
  file: { short: "f", long: "file", arg: "filename", simulated: false },
  define: { short: "D", long: "define", arg: "name=value", simulated: false },
  interactive: { short: "i", long: "interactive", simulated: false },
  include: { short: "I", long: "includepath", arg: "directory", simulated: false },
  check: { short: "c", long: "check", simulated: false },
  optimize: { short: "o", long: "optimize", simulated: false },
  handle: { short: "a", long: "handle", simulated: false },
  stateless: { short: "s", long: "stateless" },
  terse: { short: "t", long: "terse" },
  service: { short: "S", long: "service", simulated: false },
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

/**
 * nft, as far as it shows and empties what iptables-nft and ip6tables-nft wrote: the same rules, in nf_tables' language.
 * Tables of its own are not simulated, and it says so.
 */
export const nft: Program = {
  name: "nft",
  summary: "administration tool of the nftables framework for packet filtering and classification",
  async run(process, args) {
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
    const words = parsed.operands.flatMap((operand) => operand.trim().split(/\s+/)).filter((word) => word !== "");
    if (words.length === 0) return fail(process, 1, "nft: no command specified\n");
    if (!mayAdminNetwork(process)) return fail(process, 1, NOT_PERMITTED);
    try {
      const quoted = version !== "1.0.6";
      const numeric = parsed.has("numeric");
      const style = { numeric, stateless: parsed.has("stateless"), quoted };
      const options = { ...style, numericPriority: numeric || parsed.has("priority") };
      const shown = runCommand(namespaceOf(process), words, options);
      // What goes to a pipe is written when all is done.
      if (!process.isTty(1)) await process.error(shown.map(({ warning }) => warning).join(""));
      for (const { warning, text } of shown) {
        if (process.isTty(1)) await process.error(warning);
        await process.print(text);
      }
      return 0;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return fail(process, error.status, error.says);
    }
  },
};

const RELEASES: Readonly<Record<string, string>> = { "1.0.6": "Lester Gooch #5", "1.0.9": "Old Doc Yak #3" };

const NOT_PERMITTED =
  "Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n";

async function fail(process: Process, status: number, words: string): Promise<number> {
  await process.error(words);
  return status;
}
