import { decode } from "../../sim/kernel/index.ts";
import { attempt, capable, Errno, strerror, type Process, type Program } from "../../sim/host/index.ts";
import { addressesOf, listLinks, namespaceOf } from "../../sim/net/index.ts";
import { getaddrinfo } from "../netdb/getaddrinfo.ts";
import { getnameinfo } from "../netdb/getnameinfo.ts";
import { gaiWords } from "../netdb/libc.ts";
import { parseOptions, type Flags } from "../options.ts";
import { USAGE } from "./usage.ts";

const FLAGS = {
  alias: { short: "a", long: "alias" },
  allFqdns: { short: "A", long: "all-fqdns" },
  boot: { short: "b", long: "boot" },
  domain: { short: "d", long: "domain" },
  fqdn: { short: "f", long: "fqdn" },
  long: { long: "long" },
  file: { short: "F", long: "file", arg: "file" },
  address: { short: "i", long: "ip-address" },
  addresses: { short: "I", long: "all-ip-addresses" },
  short: { short: "s", long: "short" },
  nis: { short: "y", long: "yp" },
  nisLong: { long: "nis" },
  help: { short: "h", long: "help" },
  version: { short: "V", long: "version" },
} as const satisfies Flags;

type Question = keyof typeof FLAGS;

/** What the program does under its other names. */
const NAMES: Readonly<Record<string, Question>> = {
  dnsdomainname: "domain",
  domainname: "nis",
  nisdomainname: "nis",
  ypdomainname: "nis",
};

const LONGEST = 64;

/** hostname(1) of Debian, also under the names of NIS. */
export const hostname: Program = {
  name: "hostname",
  summary: "show or set the system's host name",
  async run(process, args) {
    const called = (process.argv[0] ?? "hostname").replace(/^.*\//, "");
    const given = parseOptions(FLAGS, args);
    const fail = async (words: string): Promise<number> => {
      await process.error(`${called}: ${words}\n`);
      return 1;
    };
    if ("notSimulated" in given) return fail(given.notSimulated);
    if ("problem" in given) {
      await process.error(`${called}: ${given.problem}\n${USAGE}`);
      return 255;
    }
    if (given.has("help") || given.operands.length > 1) {
      await process.error(USAGE);
      return 255;
    }
    if (given.has("version")) {
      await process.print("hostname 3.23\n");
      return 0;
    }
    const file = given.value("file");
    const name = file === undefined ? given.operands[0] : nameInFile(process, file);
    if (name instanceof Errno) return fail(strerror(name.code));
    const nis = NAMES[called] === "nis" || given.has("nis") || given.has("nisLong");
    if (name !== undefined && nis) {
      await process.error(`drydock: ${called}: setting the NIS domain is not simulated\n`);
      return 64;
    }
    if (name !== undefined) return set(process, name, fail);
    const question = NAMES[called] ?? given.given.findLast(({ flag }) => flag !== "boot")?.flag;
    return answer(process, question, called, fail);
  },
};

type Fail = (words: string) => Promise<number>;

/** The first line that is no comment. */
function nameInFile(process: Process, file: string): string | Errno {
  const text = attempt(() => decode(process.host.files.read(file, process)));
  if (text instanceof Errno) return text;
  const line = text.split("\n").find((one) => one.trim() !== "" && !one.startsWith("#"));
  return line?.trim() ?? "";
}

async function set(process: Process, name: string, fail: Fail): Promise<number> {
  if (!capable(process, "SYS_ADMIN")) return fail("you must be root to change the host name");
  const valid = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name) && !/\.[.-]|-\./.test(name);
  if (!valid) return fail("the specified hostname is invalid");
  if (name.length > LONGEST) return fail("name too long");
  process.host.update({ hostname: name });
  return 0;
}

async function answer(process: Process, question: Question | undefined, called: string, fail: Fail): Promise<number> {
  const name = process.host.hostname;
  const print = async (text: string): Promise<number> => {
    await process.print(text);
    return 0;
  };
  switch (question) {
    case undefined:
      return print(`${name}\n`);
    case "short":
      return print(`${name.split(".")[0]!}\n`);
    case "addresses":
      return print(`${allAddresses(process).join(" ")}${allAddresses(process).length > 0 ? " " : ""}\n`);
    case "allFqdns":
      return print(`${(await namesOfAddresses(process)).map((one) => `${one} `).join("")}\n`);
    case "nis":
    case "nisLong":
      return called === "domainname" ? print("(none)\n") : fail("Local domain name not set");
    default:
      return lookedUp(process, question, name, fail);
  }
}

/** What the resolver knows of the name. */
async function lookedUp(process: Process, question: Question, name: string, fail: Fail): Promise<number> {
  const found = await getaddrinfo(process, name);
  if (found.failure !== undefined) return fail(gaiWords(process.host, found.failure));
  const { canonical, addresses } = found;
  switch (question) {
    case "domain": {
      const at = canonical.indexOf(".");
      if (at >= 0) await process.print(`${canonical.slice(at + 1)}\n`);
      return 0;
    }
    case "alias":
      await process.print(`${aliases(process, name, canonical).join(" ")}\n`);
      return 0;
    case "address":
      await process.print(`${addresses.join(" ")}\n`);
      return 0;
    default:
      await process.print(`${canonical}\n`);
      return 0;
  }
}

/** Other names on the line of /etc/hosts that has this one. */
function aliases(process: Process, name: string, canonical: string): string[] {
  for (const line of (process.host.readText("/etc/hosts") ?? "").split("\n")) {
    const [, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (names.includes(name)) return names.filter((one) => one !== canonical);
  }
  return [];
}

/** Of all links that are up but the loopback, without those of the link alone (get_all_addresses). */
function allAddresses(process: Process): string[] {
  const ns = namespaceOf(process);
  const links = listLinks(ns).filter((link) => link.up && link.kind !== "loopback");
  const rows = links.flatMap((link) => addressesOf(ns, link.index));
  const shown = rows.filter(({ family, scope }) => family === 4 || scope === "global");
  return [...shown.filter(({ family }) => family === 4), ...shown.filter(({ family }) => family === 6)].map(
    ({ local }) => local,
  );
}

async function namesOfAddresses(process: Process): Promise<string[]> {
  const names: string[] = [];
  for (const address of allAddresses(process)) {
    const name = await getnameinfo(process, address);
    if (name !== undefined) names.push(name);
  }
  return names;
}
