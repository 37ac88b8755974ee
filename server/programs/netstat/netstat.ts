import type { Process, Program } from "../../sim/host/index.ts";
import { namespaceOf } from "../../sim/net/index.ts";
import { decode, SECOND } from "../../sim/kernel/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { interfaceTexts } from "../ifconfig/show.ts";
import { notSimulated } from "../ip/exit.ts";
import { parseOptions } from "../options.ts";
import { endedBy } from "./fail.ts";
import { interfaceTable } from "./interfaces.ts";
import { ReverseNames } from "./reverse.ts";
import { routeTable } from "./routes.ts";
import { socketList } from "./sockets.ts";
import { statistics } from "./statistics.ts";
import { NETSTAT_USAGE } from "./usage.ts";

const FLAGS = {
  route: { short: "r", long: "route" },
  interfaces: { short: "i", long: "interfaces" },
  groups: { short: "g", long: "groups" },
  statistics: { short: "s", long: "statistics" },
  masquerade: { short: "M", long: "masquerade" },
  verbose: { short: "v", long: "verbose" },
  wide: { short: "W", long: "wide" },
  numeric: { short: "n", long: "numeric" },
  numericHosts: { long: "numeric-hosts" },
  numericPorts: { long: "numeric-ports" },
  numericUsers: { long: "numeric-users" },
  symbolic: { short: "N", long: "symbolic" },
  extend: { short: "e", long: "extend" },
  programs: { short: "p", long: "programs" },
  timers: { short: "o", long: "timers" },
  continuous: { short: "c", long: "continuous" },
  listening: { short: "l", long: "listening" },
  all: { short: "a", long: "all" },
  fib: { short: "F", long: "fib" },
  cache: { short: "C", long: "cache" },
  context: { short: "Z", long: "context" },
  tcp: { short: "t", long: "tcp" },
  udp: { short: "u", long: "udp" },
  udplite: { short: "U", long: "udplite" },
  sctp: { short: "S", long: "sctp" },
  raw: { short: "w", long: "raw" },
  unix: { short: "x", long: "unix" },
  family: { short: "A", long: "protocol", arg: "af" },
  four: { short: "4", long: "inet" },
  six: { short: "6", long: "inet6" },
  version: { short: "V", long: "version" },
  help: { short: "h", long: "help" },
} as const;

type Given = Exclude<ReturnType<typeof parseOptions<typeof FLAGS>>, { problem: string } | { notSimulated: string }>;

/** Prints connections, routing tables and interface statistics (net-tools netstat.c). */
export const netstat: Program = {
  name: "netstat",
  summary: "print network connections, routing tables, interface statistics",
  async run(process, args) {
    const options = parseOptions(FLAGS, args);
    if ("notSimulated" in options) return 64;
    if ("problem" in options) {
      await process.error(`netstat: ${options.problem}\n${NETSTAT_USAGE}`);
      return 3;
    }
    if (options.has("help") || options.has("version")) {
      await process.print(options.has("help") ? NETSTAT_USAGE : version(process));
      return 0;
    }
    return endedBy(process, async () => {
      do {
        await process.print(await text(process, options));
        if (options.has("continuous")) await process.sleep(SECOND);
      } while (options.has("continuous"));
      return 0;
    });
  },
};

function version(process: Process): string {
  return `net-tools ${versionOf(process, "net-tools") || "2.10"}
Fred Baumgarten, Alan Cox, Bernd Eckenfels, Phil Blundell, Tuan Hoang, Brian Micek and others
+NEW_ADDRT +IP_MASQUERADE +I18N +SELINUX
AF: (inet) +UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE -BLUETOOTH
HW:  +ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT +FDDI +HIPPI +HDLC/LAPB +EUI64
`;
}

async function text(process: Process, options: Given): Promise<string> {
  const ns = namespaceOf(process);
  const numeric = options.has("numeric");
  const names = new ReverseNames(process);
  for (const [flag, word] of [
    ["masquerade", "-M"],
    ["groups", "-g"],
    ["context", "-Z"],
  ] as const)
    if (options.has(flag)) throw notSimulated("netstat", word);
  if (options.has("statistics")) return statisticsText(process, options);
  if (options.has("route")) {
    if (options.has("six") || options.value("family") === "inet6") throw notSimulated("netstat", "-r -6");
    if (options.has("cache")) throw notSimulated("netstat", "-C");
    const layout = options.count("extend") === 0 ? "netstat" : options.count("extend") === 1 ? "route" : "both";
    return routeTable(ns, layout, numeric || options.has("numericHosts") ? undefined : names);
  }
  if (options.has("interfaces")) {
    if (!options.has("extend")) return interfaceTable(ns, options.has("all"));
    return `Kernel Interface table\n${interfaceTexts(ns, options.has("all"))}`;
  }
  return socketList(process, {
    protocols: protocols(options),
    families: families(options),
    which: options.has("all") ? "all" : options.has("listening") ? "listening" : "connected",
    numericHosts: numeric || options.has("numericHosts"),
    numericPorts: numeric || options.has("numericPorts"),
    programs: options.has("programs"),
    extended: options.has("extend"),
    timers: options.has("timers"),
    wide: options.has("wide"),
    names,
  });
}

function statisticsText(process: Process, options: Given): string {
  if (options.has("six")) throw notSimulated("netstat", "-s -6");
  const files = ["/proc/net/snmp", "/proc/net/netstat"].map((path) => decode(process.host.files.read(path, process)));
  return statistics(files, { tcp: options.has("tcp"), udp: options.has("udp"), raw: options.has("raw") });
}

/** Without any, all that there are; with a family of IP alone, those of IP. */
function protocols(options: Given): ReadonlySet<"tcp" | "udp" | "raw" | "unix"> {
  const chosen = (["tcp", "udp", "raw", "unix"] as const).filter((protocol) => options.has(protocol));
  const other = options.has("udplite") || options.has("sctp");
  if (options.value("family") === "unix") chosen.push("unix");
  if (chosen.length > 0 || other) return new Set(chosen);
  const ip = options.has("four") || options.has("six") || ["inet", "inet6"].includes(options.value("family") ?? "");
  return new Set(ip ? ["tcp", "udp", "raw"] : ["tcp", "udp", "raw", "unix"]);
}

function families(options: Given): ReadonlySet<4 | 6> {
  const chosen = new Set<4 | 6>();
  if (options.has("four") || options.value("family") === "inet") chosen.add(4);
  if (options.has("six") || options.value("family") === "inet6") chosen.add(6);
  return chosen.size > 0 ? chosen : new Set([4, 6]);
}
