import { MILLISECOND } from "../sim/kernel/index.ts";
import { attempt, Errno, systemdOf, type Process, type Program } from "../sim/host/index.ts";
import { dnsQuery, listLinks, namespaceOf, type DnsMessage, type RecordType } from "../sim/net/index.ts";
import { askServers, type Reply } from "./dig/exchange.ts";
import { reverseOf } from "./dig/text.ts";
import { parseOptions, type Flags } from "./options.ts";
import { numericAddress } from "./netdb/getaddrinfo.ts";
import { dataText } from "./dig/text.ts";
import { recordType } from "./dig/types.ts";

const STUB = "127.0.0.53";

const FLAGS = {
  four: { short: "4" },
  six: { short: "6" },
  interface: { short: "i", long: "interface", arg: "INTERFACE", simulated: false },
  protocol: { short: "p", long: "protocol", arg: "PROTOCOL", simulated: false },
  type: { short: "t", long: "type", arg: "TYPE" },
  class: { short: "c", long: "class", arg: "CLASS", simulated: false },
  legend: { long: "legend", arg: "BOOL" },
  noPager: { long: "no-pager" },
  help: { short: "h", long: "help" },
} as const satisfies Flags;

/** What systemd-resolved was told by the network, and what it answers. */
export const resolvectl: Program = {
  name: "resolvectl",
  summary: "resolve domain names and introspect the resolver",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) {
      await process.error(`drydock: resolvectl: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`resolvectl: ${given.problem}\n`);
      return 1;
    }
    const [verb = "status", ...names] = given.operands;
    if (process.host.isContainer) {
      await process.error("sd_bus_open_system: No such file or directory\n");
      return 1;
    }
    if (verb === "status") return status(process);
    if (verb === "query") return query(process, names, given.value("type"));
    if (verb === "dns") return dns(process);
    if (verb === "flush-caches") return 0;
    await process.error(`drydock: resolvectl: '${verb}' is not simulated\n`);
    return 64;
  },
};

/** Servers and search domains by the file that systemd-resolved keeps them in. */
function upstream(process: Process): { servers: string[]; domains: string[] } {
  const text = process.host.readText("/run/systemd/resolve/resolv.conf") ?? "";
  const servers = [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address]) => address!);
  const domains =
    /^search\s+(.*)$/m
      .exec(text)?.[1]
      ?.split(/\s+/)
      .filter((domain) => domain !== ".") ?? [];
  return { servers, domains };
}

/** How /etc/resolv.conf leads to systemd-resolved. */
function mode(process: Process): string {
  const target = attempt(() => process.host.files.realpath("/etc/resolv.conf"));
  if (target instanceof Errno) return "missing";
  if (target === "/run/systemd/resolve/stub-resolv.conf") return "stub";
  if (target === "/run/systemd/resolve/resolv.conf") return "uplink";
  return "foreign";
}

async function isRunning(process: Process): Promise<boolean> {
  if (systemdOf(process.machine).state("systemd-resolved.service")?.active === "active") return true;
  await process.error(
    "Failed to get global data: Could not activate remote peer: activation request failed: unit is masked or inactive.\n",
  );
  return false;
}

async function status(process: Process): Promise<number> {
  if (!(await isRunning(process))) return 1;
  const { servers, domains } = upstream(process);
  const lines = [
    "Global",
    "         Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported",
    `  resolv.conf mode: ${mode(process)}`,
  ];
  const ns = namespaceOf(process);
  for (const link of listLinks(ns)) {
    if (link.name === "lo") continue;
    const uplink = link.name === uplinkName(process);
    lines.push("", `Link ${link.index} (${link.name})`);
    lines.push(`    Current Scopes: ${uplink && servers.length > 0 ? "DNS" : "none"}`);
    lines.push(`         Protocols: ${uplink ? "+" : "-"}DefaultRoute -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported`);
    if (!uplink || servers.length === 0) continue;
    lines.push(`Current DNS Server: ${servers[0]!}`, `       DNS Servers: ${servers.join(" ")}`);
    if (domains.length > 0) lines.push(`        DNS Domain: ${domains.join(" ")}`);
  }
  await process.print(`${lines.join("\n")}\n`);
  return 0;
}

function uplinkName(process: Process): string | undefined {
  return listLinks(namespaceOf(process)).find((link) => link.kind === "physical")?.name;
}

async function dns(process: Process): Promise<number> {
  if (!(await isRunning(process))) return 1;
  const { servers } = upstream(process);
  let text = "Global:\n";
  for (const link of listLinks(namespaceOf(process)))
    if (link.name !== "lo")
      text += `Link ${link.index} (${link.name}):${link.name === uplinkName(process) ? ` ${servers.join(" ")}` : ""}\n`;
  await process.print(text);
  return 0;
}

async function query(process: Process, names: readonly string[], type: string | undefined): Promise<number> {
  if (!(await isRunning(process))) return 1;
  if (names.length === 0) {
    await process.error("query: At least one parameter is required.\n");
    return 1;
  }
  let code = 0;
  for (const name of names) if (!(await one(process, name, type))) code = 1;
  return code;
}

async function one(process: Process, name: string, typeName: string | undefined): Promise<boolean> {
  const started = process.kernel.now;
  const reverse = typeName === undefined && numericAddress(name) !== undefined;
  const asked = typeName === undefined ? undefined : recordType(typeName);
  if (typeName !== undefined && asked === undefined) {
    await process.error(`Failed to parse RR record type ${typeName}: Invalid argument\n`);
    return false;
  }
  const types: readonly RecordType[] = asked ? [asked] : reverse ? ["PTR"] : ["A", "AAAA"];
  const answers: DnsMessage[] = [];
  for (const type of types) {
    const reply = await ask(process, reverse ? reverseOf(name) : name, type);
    if (typeof reply !== "string") answers.push(reply.message);
  }
  const fail = async (words: string): Promise<boolean> => {
    await process.error(`${name}: resolve call failed: ${words}\n`);
    return false;
  };
  if (answers.length === 0) return fail("All attempts to contact name servers or networks failed");
  const records = answers.flatMap((message) => message.answers);
  if (records.length === 0) {
    if (answers.some(({ rcode }) => rcode === "NXDOMAIN")) return fail(`Name '${name}' not found`);
    if (answers.some(({ rcode }) => rcode === "SERVFAIL"))
      return fail(
        name.includes(".")
          ? "Could not resolve, server or network returned error: SERVFAIL"
          : "No appropriate name servers or networks for name found",
      );
    return fail(`Name '${name}' does not have any RR of the requested type`);
  }
  const link = uplinkName(process) ?? "eth0";
  const canonical = records
    .findLast((record) => record.type === "A" || record.type === "AAAA")
    ?.name.replace(/\.$/, "");
  const shown = records.flatMap((record) => {
    if (asked) return [`${name} IN ${record.type} ${dataText(record)}`];
    if (record.type === "A" || record.type === "AAAA") return [record.address];
    return record.type === "PTR" ? [record.target.replace(/\.$/, "")] : [];
  });
  const lines = asked
    ? shown
    : shown.map((text, at) => `${at === 0 ? `${name}: ` : " ".repeat(name.length + 2)}${text}`);
  const width = Math.max(...lines.map((line) => line.length)) + 4;
  const body = lines.map((line) => `${line.padEnd(Math.max(width, 56))}-- link: ${link}\n`).join("");
  const alias =
    canonical !== undefined && canonical !== name && !asked ? `${" ".repeat(name.length + 2)}(${canonical})\n` : "";
  const span = ((process.kernel.now - started) / MILLISECOND).toFixed(1);
  await process.print(
    `${body}${alias}\n-- Information acquired via protocol DNS in ${span}ms.\n-- Data is authenticated: no; Data was acquired via local or encrypted transport: no\n-- Data from: network\n`,
  );
  return true;
}

function ask(process: Process, name: string, type: RecordType): Promise<Reply | "silent" | "set-up"> {
  const id = process.kernel.random.below(`dig/${process.machine.name}`, 0x10000);
  const options = { port: 53, tcp: false, tries: 2, timeout: 5, comment: async () => {}, label: name };
  return askServers(process, [{ address: STUB, name: STUB }], dnsQuery(id, name, type), options);
}
