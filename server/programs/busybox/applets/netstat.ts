import { namespaceOf, type ConnectionRow, type Namespace, type SocketRow } from "../../../sim/net/index.ts";
import type { Process } from "../../../sim/host/index.ts";
import { serviceByPort } from "../../netdb/services.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { routeTable } from "./route.ts";

/** networking/netstat.c */
export const netstat: Applet = {
  options: "laentuwxrWp",
  usage: () => `[-ral] [-tuwx] [-enWp]

Display networking information

	-r	Routing table
	-a	All sockets
	-l	Listening sockets
		Else: connected sockets
	-t	TCP sockets
	-u	UDP sockets
	-w	Raw sockets
	-x	Unix sockets
		Else: all socket types
	-e	Other/more information
	-n	Don't resolve names
	-W	Wide display
	-p	Show PID/program name for sockets`,
  run,
};

interface Line {
  readonly protocol: string;
  readonly local: string;
  readonly remote: string;
  readonly state: string;
  readonly pid: number | undefined;
}

async function run(call: AppletCall): Promise<number> {
  const { process } = call;
  if (call.has("r")) {
    await process.print(await routeTable(process, call.has("n"), true));
    return 0;
  }
  const chosen = ["t", "u", "w", "x"].filter((option) => call.has(option));
  const wants = (option: string): boolean => chosen.length === 0 || chosen.includes(option);
  const which = call.has("a") ? "(servers and established)" : call.has("l") ? "(only servers)" : "(w/o servers)";
  const ns = namespaceOf(process);
  const wide = call.has("W") ? 51 : 23;
  if (wants("t") || wants("u") || wants("w")) {
    const heading = `Active Internet connections ${which}\nProto Recv-Q Send-Q ${"Local Address".padEnd(wide)} ${"Foreign Address".padEnd(wide)} State       `;
    await process.print(`${heading}${call.has("p") ? "PID/Program name    " : ""}\n`);
    for (const line of lines(call, ns, wants)) {
      const addresses = `${line.local.padEnd(wide)} ${line.remote.padEnd(wide)}`;
      const program = call.has("p") ? programText(process, line.pid) : "";
      await process.print(
        `${line.protocol.padEnd(4)}  ${"0".padStart(6)} ${"0".padStart(6)} ${addresses} ${line.state.padEnd(12)}${program}\n`,
      );
    }
  }
  if (chosen.includes("x") || chosen.length === 0) {
    const title = call.has("a") ? "(servers and established)" : call.has("l") ? "(only servers)" : "(w/o servers)";
    await process.print(
      `Active UNIX domain sockets ${title}\nProto RefCnt Flags       Type       State         I-Node ${call.has("p") ? "PID/Program name    " : ""}Path\n`,
    );
  }
  return 0;
}

function lines(call: AppletCall, ns: Namespace, wants: (option: string) => boolean): Line[] {
  const { process } = call;
  const all = call.has("a");
  const servers = all || call.has("l");
  const others = all || !call.has("l");
  const out: Line[] = [];
  const sockets = [...ns.sockets.values()];
  const connections = [...ns.connections.values()].filter(
    (row) => row.until === undefined || row.until > ns.kernel.now,
  );
  for (const [option, protocol] of [
    ["t", "tcp"],
    ["u", "udp"],
  ] as const) {
    if (!wants(option)) continue;
    for (const family of [4, 6] as const) {
      const name = family === 6 ? `${protocol}6`.slice(0, 4) : protocol;
      const text = (address: string, port: number): string => endText(call, process, address, port, protocol);
      const end = (row: SocketRow | ConnectionRow): string => text(row.address, row.port);
      const anyone = family === 6 ? ":::*" : "0.0.0.0:*";
      if (servers)
        for (const row of sockets)
          if (row.protocol === protocol && row.family === family)
            out.push({
              protocol: protocol === "tcp" && family === 6 ? "tcp" : name,
              local: end(row),
              remote: anyone,
              state: row.state === "listen" ? "LISTEN" : "",
              pid: row.pid,
            });
      if (others)
        for (const row of connections)
          if (row.protocol === protocol && row.family === family)
            out.push({
              protocol: protocol === "tcp" && family === 6 ? "tcp" : name,
              local: end(row),
              remote: text(row.peerAddress, row.peerPort),
              state: STATES[row.state] ?? "",
              pid: row.pid,
            });
    }
  }
  return out;
}

const STATES: Readonly<Record<string, string>> = {
  established: "ESTABLISHED", "syn-sent": "SYN_SENT", "syn-recv": "SYN_RECV", "fin-wait-1": "FIN_WAIT1", "fin-wait-2": "FIN_WAIT2",
  "time-wait": "TIME_WAIT", close: "CLOSE", "close-wait": "CLOSE_WAIT", "last-ack": "LAST_ACK",
}; // prettier-ignore

function endText(call: AppletCall, process: Process, address: string, port: number, protocol: string): string {
  const service = call.has("n") ? undefined : serviceByPort(process.host, port, protocol)?.name;
  const shown = port === 0 ? "*" : (service ?? String(port));
  const name = !call.has("n") && address === "127.0.0.1" ? "localhost" : address;
  const text = `${name}:${shown}`;
  return call.has("W") ? text : text.length > 23 ? `${name.slice(0, 22 - shown.length)}:${shown}` : text;
}

/** Who holds the socket, if that process can be seen from here. */
function programText(process: Process, pid: number | undefined): string {
  const row = pid === undefined ? undefined : process.machine.process(pid);
  const visible = row && process.host.sees(row);
  return visible ? `${process.host.pidOf(row)}/${row.argv[0]?.replace(/.*\//, "").replace(/:$/, "") ?? row.comm}` : "-";
}
