import type { Host, Process } from "../../sim/host/index.ts";
import { lookupHostsFile, namespaceOf, setsOf, setType, type Accounts, type Names } from "../../sim/net/index.ts";
import type { Variant } from "./variant.ts";

/** How the words of a rule become numbers on a host, and whether its sets are there. */
export function ruleNames(process: Process, { family }: Variant) {
  const hosts = process.host.readText("/etc/hosts") ?? "";
  return {
    names: serviceNames(process.host),
    accounts: accountNames(process.host),
    lookup: (host: string) =>
      lookupHostsFile(hosts, host).filter((address) => address.includes(":") === (family === 6)),
    setDimension: (name: string) => {
      const set = setsOf(namespaceOf(process)).get(name);
      return set && setType(set.type)!.parts.length;
    },
  };
}

/** Users and groups by the host's own files. */
export function accountNames(host: Host): Accounts {
  const rows = (path: string) => (host.readText(path) ?? "").split("\n").map((line) => line.split(":"));
  const byName = (path: string, name: string) => {
    const row = rows(path).find(([known]) => known === name);
    return row?.[2] === undefined ? undefined : Number(row[2]);
  };
  const byId = (path: string, id: number) => rows(path).find((row) => row[2] === String(id))?.[0];
  return {
    user: (name) => byName("/etc/passwd", name),
    group: (name) => byName("/etc/group", name),
    userName: (uid) => byId("/etc/passwd", uid),
    groupName: (gid) => byId("/etc/group", gid),
  };
}

/** Services by the host's own /etc/services. */
export function serviceNames(host: Host): Names {
  let table: { byName: Map<string, number>; byPort: Map<string, string> } | undefined;
  const read = () => (table ??= readServices(host.readText("/etc/services") ?? ""));
  return {
    port: (service, protocol) => read().byName.get(`${service}/${protocol}`),
    service: (port, protocol) => read().byPort.get(`${port}/${protocol}`),
  };
}

function readServices(text: string): { byName: Map<string, number>; byPort: Map<string, string> } {
  const byName = new Map<string, number>();
  const byPort = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [name, end, ...aliases] = line.replace(/#.*/, "").trim().split(/\s+/);
    const match = end === undefined ? null : /^(\d+)\/(\w+)$/.exec(end);
    if (!match || name === undefined) continue;
    const [, port, protocol] = match as unknown as [string, string, string];
    for (const one of [name, ...aliases])
      if (!byName.has(`${one}/${protocol}`)) byName.set(`${one}/${protocol}`, Number(port));
    if (!byPort.has(`${port}/${protocol}`)) byPort.set(`${port}/${protocol}`, name);
  }
  return { byName, byPort };
}
