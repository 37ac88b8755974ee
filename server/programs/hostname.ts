import { decode } from "../sim/kernel/index.ts";
import { attempt, Errno } from "../sim/host/index.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const hostname = tool({
  name: "hostname",
  package: "hostname",
  title: "hostname",
  summary: "show or set the system's host name",
  usage: ["[-b] {hostname|-F file}", "[-a|-A|-d|-f|-i|-I|-s|-y]", "-V|--version|-h|--help"],
  about: "Show or set the system's host name.",
  flags: {
    alias: { short: "a", long: "alias", help: "alias names" },
    allFqdns: { short: "A", long: "all-fqdns", simulated: false },
    boot: { short: "b", long: "boot", help: "set default hostname if none available" },
    domain: { short: "d", long: "domain", help: "DNS domain name" },
    fqdn: { short: "f", long: "fqdn", help: "long host name (FQDN)" },
    long: { long: "long" },
    file: { short: "F", long: "file", arg: "file", help: "read host name or NIS domain name from given file" },
    address: { short: "i", long: "ip-address", help: "IP address for the host name" },
    addresses: { short: "I", long: "all-ip-addresses", help: "all addresses for the host" },
    short: { short: "s", long: "short", help: "short host name" },
    nis: { short: "y", long: "yp", simulated: false },
    showHelp: { short: "h" },
    showVersion: { short: "V" },
  },
  async run(call) {
    const { process, operands } = call;
    const { host } = process;
    const file = call.value("file");
    if (operands.length > 0 || file !== undefined) {
      let name = operands[0];
      if (file !== undefined) {
        const text = attempt(() => decode(host.files.read(file, process)));
        if (text instanceof Errno) return call.fail(text.message);
        name =
          text
            .split("\n")
            .find((line) => line.trim() !== "" && !line.startsWith("#"))
            ?.trim() ?? "";
      }
      return set(call, name!);
    }
    const answer = ask(call);
    if (typeof answer === "number") return answer;
    if (answer === undefined) return call.fail("Name or service not known");
    await call.out.print(`${answer}\n`);
    return 0;
  },
});

async function set(call: Call<string>, name: string): Promise<number> {
  const { process } = call;
  if (process.uid !== 0) return call.fail("you must be root to change the host name");
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name) || name.length > 64)
    return call.fail("the specified hostname is invalid");
  process.host.update({ hostname: name });
  return 0;
}

/** What is asked for; undefined if the name cannot be looked up. */
function ask(call: Call<string>): string | undefined | number {
  const { host } = call.process;
  const name = host.hostname;
  const what = call.options.given.at(-1)?.flag;
  if (what === undefined || what === "boot") return name;
  if (what === "short") return name.split(".")[0]!;
  const entries = hostsEntries(host.readText("/etc/hosts") ?? "");
  if (what === "addresses") return allAddresses(call);
  const entry = entries.find(({ names }) => names.includes(name));
  if (!entry) return undefined;
  switch (what) {
    case "fqdn":
    case "long":
      return entry.names[0]!;
    case "domain":
      return entry.names[0]!.split(".").slice(1).join(".");
    case "alias":
      return entry.names.slice(1).join(" ");
    default:
      return entries
        .filter(({ names }) => names.includes(name))
        .map(({ address }) => address)
        .join(" ");
  }
}

function hostsEntries(text: string): { address: string; names: string[] }[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
    .filter((words) => words.length > 1)
    .map(([address, ...names]) => ({ address: address!, names }));
}

/** Addresses of all interfaces but the loopback, from what the kernel tells under /proc. */
function allAddresses(call: Call<string>): string {
  const { host } = call.process;
  const tables = host.readText("/proc/net/fib_trie") ?? "";
  const found: string[] = [];
  const lines = tables.split("\n");
  for (const [at, line] of lines.entries()) {
    const address = /\|-- (\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1];
    const isLocal = lines[at + 1]?.includes("/32 host LOCAL") === true;
    if (address !== undefined && isLocal && !address.startsWith("127.") && !found.includes(address))
      found.push(address);
  }
  return found.length > 0 ? `${found.join(" ")} ` : "";
}
