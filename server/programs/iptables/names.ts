import type { Host } from "../../sim/host/index.ts";
import type { Names } from "../../sim/net/index.ts";

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
