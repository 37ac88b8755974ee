import type { Process, Program } from "../../sim/host/index.ts";
import { lookupHostsFile, namesInHostsFile, namespaceOf } from "../../sim/net/index.ts";
import { familyOf, getaddrinfo, hostSources, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import { gethostbyaddr } from "../netdb/getnameinfo.ts";
import { libcOf } from "../netdb/libc.ts";
import { allServices, serviceByName, serviceByPort, type Service } from "../netdb/services.ts";
import { searchDns } from "../netdb/stub-resolver.ts";

/** glibc's getent(1): entries of the name service's databases. Exit code 2: a key was not found. */
export const getent: Program = {
  name: "getent",
  summary: "get entries from Name Service Switch libraries",
  async run(process, args) {
    const words = args.filter((word) => !word.startsWith("-"));
    const [database, ...keys] = words;
    if (args.includes("--version") || args.includes("-V")) {
      await process.print("getent (GNU libc) 2.39\n");
      return 0;
    }
    if (database === undefined) {
      await process.error(
        "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n",
      );
      return 1;
    }
    const lookup = Object.hasOwn(DATABASES, database) ? DATABASES[database] : undefined;
    if (!lookup) {
      if (/^(?:ethers|netgroup|initgroups|rpc|aliases|gshadow)$/.test(database)) {
        await process.error(`drydock: getent: '${database}' is not simulated\n`);
        return 64;
      }
      await process.error(
        `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`,
      );
      return 1;
    }
    if (keys.length === 0) {
      const text = lookup.all?.(process);
      if (text === undefined) {
        await process.error(`Enumeration not supported on ${database}\n`);
        return 3;
      }
      await process.print(text);
      return 0;
    }
    let code = 0;
    for (const key of keys) {
      const text = await lookup.one(process, key);
      if (text === undefined) code = 2;
      else await process.print(text);
    }
    return code;
  },
};

interface Database {
  one(process: Process, key: string): Promise<string | undefined>;
  all?(process: Process): string;
}

function file(path: string, fields: readonly number[]): Database {
  const lines = (process: Process): string[] =>
    (process.host.readText(path) ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return {
    one: async (process, key) => {
      const found = lines(process).find((line) => fields.some((field) => line.split(":")[field] === key));
      return found === undefined ? undefined : `${found}\n`;
    },
    all: (process) =>
      lines(process)
        .map((line) => `${line}\n`)
        .join(""),
  };
}

function table(path: string): Database {
  const rows = (process: Process): string[][] =>
    (process.host.readText(path) ?? "")
      .split("\n")
      .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
      .filter((words) => words.length > 1);
  const text = ([name, number, ...aliases]: string[]): string =>
    `${[name!.padEnd(21), number!, ...aliases].join(" ")}\n`;
  return {
    one: async (process, key) => {
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
  protocols: table("/etc/protocols"),
  networks: table("/etc/networks"),
  services: {
    one: async (process, key) => service(process, key),
    all: (process) => allServices(process.host).map(serviceText).join(""),
  },
  hosts: { one: hosts, all: allHosts },
  ahosts: { one: (process, key) => ahosts(process, key, configured(process)), all: allHosts },
  ahostsv4: { one: (process, key) => ahosts(process, key, 4), all: allHosts },
  ahostsv6: { one: (process, key) => ahosts(process, key, 6), all: allHosts },
};

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
async function hosts(process: Process, key: string): Promise<string | undefined> {
  const address = numericAddress(key);
  if (address !== undefined) {
    const names = await gethostbyaddr(process, address);
    return names.length === 0 ? undefined : hostText(address, names);
  }
  for (const family of [6, 4] as const) {
    const lines = await entries(process, key, family);
    if (lines.length > 0) return lines.join("");
  }
  return undefined;
}

async function entries(process: Process, key: string, family: Family): Promise<string[]> {
  const text = process.host.readText("/etc/hosts") ?? "";
  for (const source of hostSources(process)) {
    if (source === "files") {
      const own = lookupHostsFile(text, key).filter((address) => familyOf(address) === family);
      if (own.length > 0) return own.map((address) => hostText(address, namesInHostsFile(text, address)));
      continue;
    }
    const found = await searchDns(process, key, [family === 6 ? "AAAA" : "A"], libcOf(process.host));
    const owners = found.records.map(({ name }) => name.replace(/\.$/, ""));
    const addresses = found.records.flatMap((record) => (record.type === "A" || record.type === "AAAA" ? [{ address: record.address, name: record.name.replace(/\.$/, "") }] : [])); // prettier-ignore
    if (addresses.length === 0) continue;
    return addresses.map(({ address, name }) =>
      hostText(address, [name, ...new Set(owners.filter((owner) => owner !== name))]),
    );
  }
  return [];
}

function hostText(address: string, names: readonly string[]): string {
  return `${[address.padEnd(15), ...names].join(" ")}\n`;
}

function allHosts(process: Process): string {
  return (process.host.readText("/etc/hosts") ?? "")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
    .filter(([address, ...names]) => names.length > 0 && numericAddress(address!) !== undefined)
    .map(([address, ...names]) => hostText(address!, names))
    .join("");
}

/** AI_ADDRCONFIG: IPv6 is asked for only where there is an IPv6 address besides the loopback's. */
function configured(process: Process): Family | undefined {
  const ns = namespaceOf(process);
  const six = [...ns.addresses.values()].flat().some(({ family, local }) => family === 6 && local !== "::1");
  return six ? undefined : 4;
}

async function ahosts(process: Process, key: string, family: Family | undefined): Promise<string | undefined> {
  const found = await getaddrinfo(process, key, family);
  if (found.failure !== undefined) return undefined;
  return found.addresses
    .flatMap((address, at) =>
      ["STREAM", "DGRAM", "RAW"].map(
        (type, kind) => `${address.padEnd(15)} ${type.padEnd(6)} ${at === 0 && kind === 0 ? found.canonical : ""}\n`,
      ),
    ) // prettier-ignore
    .join("");
}
