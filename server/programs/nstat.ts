import { decode, encode } from "../sim/kernel/index.ts";
import { attempt, Errno, type Process, type Program } from "../sim/host/index.ts";
import { versionOf } from "./gnu/versions.ts";
import { parseOptions } from "./options.ts";

const FLAGS = {
  help: { short: "h", long: "help" },
  ignore: { short: "a", long: "ignore" },
  scan: { short: "d", long: "scan", arg: "secs" },
  json: { short: "j", long: "json" },
  nooutput: { short: "n", long: "nooutput" },
  pretty: { short: "p", long: "pretty" },
  reset: { short: "r", long: "reset" },
  noupdate: { short: "s", long: "noupdate" },
  interval: { short: "t", long: "interval", arg: "secs" },
  version: { short: "V", long: "version" },
  zeros: { short: "z", long: "zeros" },
} as const;

const USAGE = `Usage: nstat [OPTION] [ PATTERN [ PATTERN ] ]
   -h, --help          show these lines
   -a, --ignore        absolute values, whatever was seen before
   -d, --scan=SECS     take a sample every SECS seconds
   -j, --json          print JSON
   -n, --nooutput      only note what is so now
   -p, --pretty        with line breaks
   -r, --reset         forget what was seen before
   -s, --noupdate      do not note what is so now
   -t, --interval=SECS averages over the last SECS seconds
   -V, --version       print the version
   -z, --zeros         also what did not happen
`;

/** No counters (misc/nstat.c: useless_numbers). */
const SETTINGS = new Set([
  "IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn", "TcpCurrEstab",
]); // prettier-ignore

/** iproute2's nstat: counters of /proc/net/snmp and /proc/net/netstat, since it was run last. */
export const nstat: Program = {
  name: "nstat",
  summary: "network statistics since the last look",
  async run(process, args) {
    const options = parseOptions(FLAGS, args);
    if ("notSimulated" in options) return 64;
    if ("problem" in options) {
      await process.error(`nstat: ${options.problem}\n${USAGE}`);
      return 255;
    }
    if (options.has("help")) {
      await process.error(USAGE);
      return 255;
    }
    if (options.has("version")) {
      await process.print(`nstat utility, iproute2-${versionOf(process, "iproute2") || "6.1.0"}\n`);
      return 0;
    }
    for (const flag of ["scan", "interval", "json", "pretty"] as const)
      if (options.has(flag)) {
        await process.error(`drydock: nstat: '${flag}' is not simulated\n`);
        return 64;
      }
    const history = `/tmp/.nstat.u${process.uid}`;
    const before =
      options.has("ignore") || options.has("reset") ? new Map<string, number>() : readHistory(process, history);
    const now = counters(process);
    if (!options.has("nooutput")) {
      const patterns = options.operands.map(pattern);
      const rows = now.map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const);
      const shown = rows.filter(
        ([name, value]) =>
          (value !== 0 || options.has("zeros")) && (patterns.length === 0 || patterns.some((one) => one.test(name))),
      );
      await process.print(table(shown));
    }
    if (!options.has("noupdate")) process.host.files.write(history, encode(table(now)), {}, process);
    return 0;
  },
};

/** IcmpMsg comes behind Icmp as in the file; settings are left out. */
function counters(process: Process): (readonly [string, number])[] {
  const found: (readonly [string, number])[] = [];
  for (const path of ["/proc/net/snmp", "/proc/net/netstat"]) {
    const lines = decode(process.host.files.read(path, process)).split("\n");
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const [group = "", ...names] = lines[at]!.split(/:? /);
      const values = lines[at + 1]!.split(" ").slice(1).map(Number);
      for (const [column, name] of names.entries())
        if (!SETTINGS.has(group + name)) found.push([group + name, values[column] ?? 0]);
    }
  }
  return found;
}

function readHistory(process: Process, path: string): Map<string, number> {
  const text = attempt(() => decode(process.host.files.read(path, process)));
  const before = new Map<string, number>();
  if (text instanceof Errno) return before;
  for (const line of text.split("\n")) {
    const [name, value] = line.split(/\s+/);
    if (name !== undefined && value !== undefined) before.set(name, Number(value));
  }
  return before;
}

/** A shell pattern (fnmatch(3)) of the signs that names of counters are asked for with. */
function pattern(word: string): RegExp {
  const escaped = word
    .replaceAll(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "i");
}

function table(rows: readonly (readonly [string, number])[]): string {
  return `#kernel\n${rows.map(([name, value]) => `${name.padEnd(32)}${String(value).padEnd(16)}   0.0\n`).join("")}`;
}
