import type { Process, Program } from "../../sim/host/index.ts";
import { namespaceOf, parseAddress } from "../../sim/net/index.ts";
import { familyOf, getaddrinfo, hostSources, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import { gethostbyaddr } from "../netdb/getnameinfo.ts";
import { libcOf } from "../netdb/libc.ts";
import { parseSources, type NameSource } from "../netdb/nsswitch.ts";
import { allServices, serviceByName, serviceByPort, type Service } from "../netdb/services.ts";
import { searchDns } from "../netdb/stub-resolver.ts";
import { parseOptions, type Flags } from "../options.ts";

/** glibc's getent(1): entries of the name service's databases. Exit code 2: a key was not found. */
export const getent: Program = {
  name: "getent",
  summary: "get entries from Name Service Switch libraries",
  async run(process, args) {
    const options = parseOptions(FLAGS, args);
    if ("notSimulated" in options) {
      await process.error(`drydock: getent: '${options.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in options) {
      await process.error(`getent: ${options.problem}\n${HINT}`);
      return 64;
    }
    if (options.has("help") || options.has("usage")) {
      await process.print(options.has("help") ? HELP : USAGE);
      return 0;
    }
    if (options.has("version")) {
      const debian = process.machine.row.profile === "debian12";
      await process.print(
        `getent (${debian ? "Debian GLIBC 2.36-9+deb12u14) 2.36" : "Ubuntu GLIBC 2.39-0ubuntu8.6) 2.39"}\n`,
      );
      return 0;
    }
    const [database, ...keys] = options.operands;
    if (database === undefined) {
      await process.error(`getent: wrong number of arguments\n${HINT}`);
      return 1;
    }
    const lookup = Object.hasOwn(DATABASES, database) ? DATABASES[database] : undefined;
    if (!lookup) {
      await process.error(`Unknown database: ${database}\n${HINT}`);
      return 1;
    }
    const query: Query = {
      process,
      sources: sourcesOf(process, options.values("service")),
      everywhere: options.has("everywhere"),
    };
    return keys.length === 0 ? enumerate(query, database, lookup) : find(query, lookup, keys);
  },
};

async function enumerate({ process }: Query, database: string, lookup: Database): Promise<number> {
  const text = lookup.all?.(process);
  if (text === undefined) {
    await process.error(`Enumeration not supported on ${database}\n`);
    return 3;
  }
  await process.print(text);
  return 0;
}

async function find(query: Query, lookup: Database, keys: readonly string[]): Promise<number> {
  for (const key of keys) {
    const text = await lookup.one(query, key);
    // Hosts go on behind a name that is not there, but say so.
    if (text === undefined && !lookup.goesOn) return 2;
    if (text !== undefined) await query.process.print(text);
    else if (lookup.goesOn) query.missed = true;
  }
  return query.missed ? 2 : 0;
}

const FLAGS = {
  everywhere: { short: "A", long: "no-addrconfig" },
  noIdn: { short: "i", long: "no-idn" },
  service: { short: "s", long: "service", arg: "CONFIG" },
  help: { short: "?", long: "help" },
  usage: { long: "usage" },
  version: { short: "V", long: "version" },
} as const satisfies Flags;

const HINT = "Try `getent --help' or `getent --usage' for more information.\n";

const HELP = `Usage: getent [OPTION...] database [key ...]
Shows entries of a database of the name service.

  -A, --no-addrconfig        IPv4 and IPv6 also where there are none
                             (with ahosts*)
  -i, --no-idn               takes names as they stand
  -s, --service=CONFIG       sources in place of nsswitch.conf's
  -?, --help                 shows this list
      --usage                shows the options in short
  -V, --version              shows the version

What a long option must or may be given goes for the short one as well.

Supported databases:
ahosts ahostsv4 ahostsv6 aliases ethers group gshadow hosts initgroups
netgroup networks passwd protocols rpc services shadow
`;

const USAGE = `Usage: getent [-Ai?V] [-s CONFIG] [--no-addrconfig] [--no-idn]
            [--service=CONFIG] [--help] [--usage] [--version]
            database [key ...]
`;

/** `-s SOURCES` for all databases, `-s DATABASE:SOURCES` for one. */
function sourcesOf(process: Process, given: readonly string[]): readonly NameSource[] {
  let sources: readonly NameSource[] = hostSources(process);
  for (const text of given) {
    const [, database, list] = /^(?:(\w+):)?(.*)$/s.exec(text)!;
    if (database === undefined || database === "hosts" || database.startsWith("ahosts")) sources = parseSources(list!);
  }
  return sources;
}

interface Query {
  readonly process: Process;
  /** Of hosts. */
  readonly sources: readonly NameSource[];
  /** `-A`: IPv6 is looked for also where the machine has none. */
  readonly everywhere: boolean;
  missed?: boolean;
}

interface Database {
  one(query: Query, key: string): Promise<string | undefined>;
  all?(process: Process): string;
  /** A key that is not there does not end it. */
  readonly goesOn?: true;
}

function file(path: string, fields: readonly number[]): Database {
  const lines = (process: Process): string[] =>
    (process.host.readText(path) ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return {
    goesOn: true,
    one: async ({ process }, key) => {
      const found = lines(process).find((line) => fields.some((field) => line.split(":")[field] === key));
      return found === undefined ? undefined : `${found}\n`;
    },
    all: (process) =>
      lines(process)
        .map((line) => `${line}\n`)
        .join(""),
  };
}

function table(path: string, numberAt = 21, gap = " "): Database {
  const rows = (process: Process): string[][] =>
    (process.host.readText(path) ?? "")
      .split("\n")
      .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
      .filter((words) => words.length > 1);
  const text = ([name, number, ...aliases]: string[]): string =>
    `${name!.padEnd(numberAt)} ${number!}${aliases.length > 0 ? `${gap}${aliases.join(" ")}` : ""}\n`;
  return {
    goesOn: true,
    one: async ({ process }, key) => {
      const found = rows(process).find(
        ([name, number, ...aliases]) => name === key || number === key || aliases.includes(key),
      );
      return found && text(found);
    },
    all: (process) => rows(process).map(text).join(""),
  };
}

const DATABASES: Readonly<Record<string, Database>> = {
  passwd: file("/etc/passwd", [0, 2]),
  group: file("/etc/group", [0, 2]),
  shadow: file("/etc/shadow", [0]),
  gshadow: file("/etc/gshadow", [0]),
  protocols: table("/etc/protocols"),
  networks: table("/etc/networks"),
  rpc: table("/etc/rpc", 15, "  "),
  ethers: { goesOn: true, one: async () => undefined },
  netgroup: { goesOn: true, one: async () => undefined },
  aliases: { goesOn: true, one: async () => undefined, all: () => "" },
  initgroups: { goesOn: true, one: async ({ process }, key) => initgroups(process, key) },
  services: {
    goesOn: true,
    one: async ({ process }, key) => service(process, key),
    all: (process) => allServices(process.host).map(serviceText).join(""),
  },
  hosts: { goesOn: true, one: hosts, all: allHosts },
  ahosts: { goesOn: true, one: (query, key) => ahosts(query, key, undefined), all: allHosts },
  ahostsv4: { goesOn: true, one: (query, key) => ahosts(query, key, 4), all: allHosts },
  ahostsv6: { goesOn: true, one: (query, key) => ahosts(query, key, 6), all: allHosts },
};

/** Numbers of the groups that a user is in beside the own one. */
function initgroups(process: Process, user: string): string {
  const numbers = (process.host.readText("/etc/group") ?? "")
    .split("\n")
    .map((line) => line.split(":"))
    .filter((parts) => (parts[3] ?? "").split(",").includes(user))
    .map((parts) => ` ${parts[2]!}`);
  return `${user.padEnd(21)}${numbers.join("")}\n`;
}

function service(process: Process, key: string): string | undefined {
  const [name, protocol] = key.split("/") as [string, string | undefined];
  const found = /^\d+$/.test(name)
    ? serviceByPort(process.host, Number(name), protocol)
    : serviceByName(process.host, name, protocol);
  return found && serviceText(found);
}

function serviceText({ name, port, protocol, aliases }: Service): string {
  return `${[name.padEnd(21), `${port}/${protocol}`, ...aliases].join(" ")}\n`;
}

/** gethostbyname2(3) for IPv6, then for IPv4. */
async function hosts(query: Query, key: string): Promise<string | undefined> {
  const { process, sources } = query;
  const address = parseAddress(key) === undefined ? undefined : numericAddress(key);
  if (address !== undefined) {
    const names = await gethostbyaddr(process, address, undefined, sources);
    return names.length === 0 ? lonely(process, address, sources) : hostText(address, names);
  }
  // What inet_aton reads is answered as it stands, in octal and hexadecimal as little as names.
  const short = /^[\d.]+$/.test(key) ? numericAddress(key) : undefined;
  if (short !== undefined) return hostText(short, [key]);
  for (const family of [6, 4] as const) {
    const lines = await entries(query, key, family);
    if (lines.length > 0) return lines.join("");
  }
  return undefined;
}

/** A line of /etc/hosts that has an address and no name. */
function lonely({ host }: Process, address: string, sources: readonly NameSource[]): string | undefined {
  const alone = (host.readText("/etc/hosts") ?? "")
    .split("\n")
    .some((line) => line.replace(/#.*/, "").trim() === address);
  return alone && sources.some(({ name }) => name === "files") ? hostText(address, [""]) : undefined;
}

async function entries({ process, sources }: Query, key: string, family: Family): Promise<string[]> {
  for (const source of sources) {
    if (source.name === "files") {
      const found = entriesOfFile(process, key, family);
      if (found.length > 0 || source.ends("NOTFOUND")) return found;
      continue;
    }
    if (source.name !== "dns") {
      if (source.ends("UNAVAIL")) return [];
      continue;
    }
    const found = await searchDns(process, key, [family === 6 ? "AAAA" : "A"], libcOf(process.host));
    const owners = found.records.map(({ name }) => name.replace(/\.$/, ""));
    const addresses = found.records.flatMap((record) => (record.type === "A" || record.type === "AAAA" ? [{ address: record.address, name: record.name.replace(/\.$/, "") }] : [])); // prettier-ignore
    if (addresses.length === 0) {
      if (source.ends(found.failure === "try again" ? "TRYAGAIN" : "NOTFOUND")) return [];
      continue;
    }
    return addresses.map(({ address, name }) =>
      hostText(address, [name, ...new Set(owners.filter((owner) => owner !== name))]),
    );
  }
  return [];
}

/** All lines with the name: each address with the names of all of them (gethostbyname2_r merges, nss_files/files-hosts.c). */
function entriesOfFile({ host }: Process, key: string, family: Family): string[] {
  const text = host.readText("/etc/hosts") ?? "";
  const lines = text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
    .filter(([address, ...names]) => {
      const own = address !== undefined && parseAddress(address) !== undefined && familyOf(address) === family;
      return own && names.some((name) => name.toLowerCase() === key.toLowerCase());
    });
  const names = [...new Set(lines.flatMap(([, ...own]) => own))];
  return lines.map(([address]) => hostText(address!, names));
}

function hostText(address: string, names: readonly string[]): string {
  return `${[address.padEnd(15), ...names].join(" ")}\n`;
}

/** In enumerations ::1 counts as 127.0.0.1, and what else is IPv6 is left out (sethostent asks for IPv4). */
function allHosts(process: Process): string {
  return (process.host.readText("/etc/hosts") ?? "")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
    .map(([address, ...names]) => [address === "::1" ? "127.0.0.1" : address!, ...names] as const)
    .filter(([address, ...names]) => names.length > 0 && parseAddress(address) !== undefined && familyOf(address) === 4)
    .map(([address, ...names]) => hostText(address, names))
    .join("");
}

/** AI_ADDRCONFIG: IPv6 is looked for only where there is an IPv6 address besides the loopback's. */
function hasIpv6(process: Process): boolean {
  const ns = namespaceOf(process);
  return [...ns.addresses.values()].flat().some(({ family, local }) => family === 6 && local !== "::1");
}

async function ahosts(query: Query, key: string, wanted: Family | undefined): Promise<string | undefined> {
  const { process, sources, everywhere } = query;
  const six = everywhere || hasIpv6(process);
  if (wanted === 6 && !six && numericAddress(key) === undefined) return undefined;
  const family = wanted ?? (six ? undefined : 4);
  const found = await getaddrinfo(process, key, family, undefined, sources);
  if (found.failure !== undefined) return undefined;
  return found.addresses
    .flatMap((address, at) =>
      ["STREAM", "DGRAM", "RAW"].map(
        (type, kind) => `${address.padEnd(15)} ${type.padEnd(6)} ${at === 0 && kind === 0 ? found.canonical : ""}\n`,
      ),
    ) // prettier-ignore
    .join("");
}
