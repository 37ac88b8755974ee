import type { Process, Program } from "../../sim/host/index.ts";
import { namespaceOf } from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { Exit, notSimulated } from "../ip/exit.ts";
import { endedBy } from "../netstat/fail.ts";
import { ReverseNames } from "../netstat/reverse.ts";
import { routeTable } from "../netstat/routes.ts";
import { parseOptions } from "../options.ts";
import { changeRoute } from "./modify.ts";
import { INET_ROUTE_USAGE, ROUTE_USAGE } from "./usage.ts";

const FLAGS = {
  numeric: { short: "n", long: "numeric" },
  symbolic: { short: "N", long: "symbolic" },
  verbose: { short: "v", long: "verbose" },
  extend: { short: "e", long: "extend" },
  fib: { short: "F", long: "fib" },
  cache: { short: "C", long: "cache", simulated: false },
  family: { short: "A", long: "family", arg: "af" },
  inet: { short: "4", long: "inet" },
  inet6: { short: "6", long: "inet6" },
  version: { short: "V", long: "version" },
  help: { short: "h", long: "help" },
} as const;

/** Shows and changes the IP routing table (net-tools route.c). */
export const route: Program = {
  name: "route",
  summary: "show / manipulate the IP routing table",
  run: (process, args) => endedBy(process, () => run(process, args)),
};

async function run(process: Process, args: readonly string[]): Promise<number> {
  // What follows add, del and flush are no options: `-net`, `-host`.
  const at = args.findIndex((word, index) => ["add", "del", "delete", "flush"].includes(word) && !isValue(args, index));
  const options = parseOptions(FLAGS, at < 0 ? args : args.slice(0, at));
  if ("notSimulated" in options) throw notSimulated("route", options.notSimulated);
  if ("problem" in options) throw new Exit(0, `route: ${options.problem}\n${ROUTE_USAGE}`);
  if (options.has("version")) {
    await process.print(
      `net-tools ${versionOf(process, "net-tools") || "2.10"}\n+NEW_ADDRT +RTF_IRTT +RTF_REJECT +I18N +SELINUX\nAF: (inet) +UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE -BLUETOOTH\nHW:  +ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT +FDDI +HIPPI +HDLC/LAPB +EUI64 \n`,
    );
    return 0;
  }
  if (options.has("help")) {
    await process.print(ROUTE_USAGE);
    return 0;
  }
  if (options.has("inet6") || options.value("family") === "inet6") throw notSimulated("route", "-A inet6");
  if (at >= 0) {
    const verb = args[at]!;
    if (verb === "flush") throw new Exit(3, `Flushing \`inet' routing table not supported\n${INET_ROUTE_USAGE}`);
    return changeRoute(process, verb === "add" ? "add" : "delete", args.slice(at + 1));
  }
  if (options.operands.length > 0) throw new Exit(3, ROUTE_USAGE);
  const layout = options.count("extend") === 0 ? "route" : options.count("extend") === 1 ? "netstat" : "both";
  const names = options.has("numeric") ? undefined : new ReverseNames(process);
  const table = await routeTable(namespaceOf(process), layout, names);
  await process.print(table);
  // A namespace without any route and with its lo down has no table yet: reading it fails (rprint_fib).
  return hasTable(process) ? 0 : 1;
}

function isValue(args: readonly string[], index: number): boolean {
  return args[index - 1] === "-A";
}

/** The kernel makes the local table with the first address. */
function hasTable(process: Process): boolean {
  return namespaceOf(process).routes.size > 0;
}
