import type { Process } from "../../sim/host/index.ts";
import { namespaceOf } from "../../sim/net/index.ts";
import { serviceNames } from "../iptables/names.ts";
import { socketsIn, type ShownSocket, type State } from "../ss/sockets.ts";
import type { ReverseNames } from "./reverse.ts";

export interface SocketListOptions {
  readonly protocols: ReadonlySet<"tcp" | "udp" | "raw" | "unix">;
  readonly families: ReadonlySet<4 | 6>;
  readonly which: "connected" | "listening" | "all";
  readonly numericHosts: boolean;
  readonly numericPorts: boolean;
  readonly programs: boolean;
  readonly extended: boolean;
  readonly timers: boolean;
  readonly wide: boolean;
  readonly names: ReverseNames;
}

const STATES: Readonly<Record<State, string>> = {
  ESTAB: "ESTABLISHED",
  "SYN-SENT": "SYN_SENT",
  "SYN-RECV": "SYN_RECV",
  "FIN-WAIT-1": "FIN_WAIT1",
  "FIN-WAIT-2": "FIN_WAIT2",
  "TIME-WAIT": "TIME_WAIT",
  UNCONN: "",
  "CLOSE-WAIT": "CLOSE_WAIT",
  "LAST-ACK": "LAST_ACK",
  LISTEN: "LISTEN",
  CLOSING: "CLOSING",
};

const WHICH = { connected: "w/o servers", listening: "only servers", all: "servers and established" } as const;

/** Sockets of IP and of the machine itself (net-tools netstat.c: tcp_info, udp_info, unix_info). */
export async function socketList(process: Process, options: SocketListOptions): Promise<string> {
  const sockets = socketsIn(namespaceOf(process), process).filter((socket) => isMeant(socket, options));
  let text = "";
  if (["tcp", "udp", "raw"].some((protocol) => options.protocols.has(protocol as "tcp"))) {
    text += `Active Internet connections (${WHICH[options.which]})\n${heading(options)}\n`;
    for (const protocol of ["tcp", "udp", "raw"] as const)
      for (const socket of sockets.filter((one) => one.protocol === protocol))
        text += `${await line(process, socket, options)}\n`;
  }
  if (options.protocols.has("unix")) {
    text += `Active UNIX domain sockets (${WHICH[options.which]})\n`;
    text += `Proto RefCnt Flags       Type       State         I-Node   ${options.programs ? "PID/Program name     " : ""}Path\n`;
    for (const socket of sockets.filter((one) => one.protocol === "unix")) text += `${unixLine(socket, options)}\n`;
  }
  return text;
}

function isMeant(socket: ShownSocket, { protocols, families, which }: SocketListOptions): boolean {
  if (!protocols.has(socket.protocol)) return false;
  if (socket.protocol !== "unix" && !families.has(socket.family)) return false;
  const waits = socket.state === "LISTEN" || socket.state === "UNCONN";
  return which === "all" || waits === (which === "listening");
}

function heading({ extended, programs, timers }: SocketListOptions): string {
  return `Proto Recv-Q Send-Q Local Address           Foreign Address         State      ${extended ? " User       Inode     " : ""}${programs ? " PID/Program name    " : ""}${timers ? " Timer" : ""}`;
}

async function line(process: Process, socket: ShownSocket, options: SocketListOptions): Promise<string> {
  const protocol = `${socket.protocol}${socket.family === 6 ? "6" : ""}`;
  const local = await end(process, socket, socket.address, socket.port, options);
  const peer = await end(process, socket, socket.peerAddress, socket.peerPort, options);
  const counts = `${String(socket.received).padStart(6)} ${String(socket.state === "LISTEN" ? 0 : socket.sending).padStart(6)}`;
  const state = socket.protocol === "raw" ? "7" : STATES[socket.state];
  let text = `${protocol.padEnd(4)}  ${counts} ${local.padEnd(23)} ${peer.padEnd(23)} ${state.padEnd(11)}`;
  if (options.extended) text += ` ${userName(process, socket, options).padEnd(10)} ${String(socket.inode).padEnd(10)}`;
  if (options.programs) text += ` ${owner(process, socket).padEnd(20)}`;
  if (options.timers) text += ` ${timer(process, socket)}`;
  return text;
}

function userName(process: Process, { uid }: ShownSocket, { numericHosts }: SocketListOptions): string {
  return numericHosts ? String(uid) : (process.host.users.byUid(uid)?.name ?? String(uid));
}

function timer(process: Process, { state, until }: ShownSocket): string {
  if (state !== "TIME-WAIT" || until === undefined) return "off (0.00/0/0)";
  return `timewait (${((until - process.kernel.now) / 1_000_000).toFixed(2)}/0/0)`;
}

/** `PID/program`, the name cut where the column ends. */
function owner(process: Process, { owner: found }: ShownSocket): string {
  if (!found) return "-";
  const { row } = found;
  const name = (row.argv[0] ?? row.comm).split("/").at(-1)!;
  return `${process.host.pidOf(row)}/${name}`.slice(0, 19);
}

/** Address and port, shortened to 22 characters at the address unless all of it is wanted (addr_do_one). */
async function end(
  process: Process,
  socket: ShownSocket,
  address: string,
  port: number,
  options: SocketListOptions,
): Promise<string> {
  const services = serviceNames(process.host);
  const service = options.numericPorts || port === 0 ? undefined : services.service(port, socket.protocol);
  const shownPort = port === 0 ? "*" : (service ?? String(port));
  let host = address;
  // An IPv4 end of an IPv6 socket is shown without `::ffff:`, and never by name (fix_v4_address).
  const mapped = socket.family === 6 && !address.includes(":");
  if (!options.numericHosts && !mapped) {
    if (host === "::") host = "[::]";
    else if (host !== "0.0.0.0") host = (await options.names.name(host)) ?? host;
  }
  const room = 22 - shownPort.length;
  return `${options.wide ? host : host.slice(0, room)}:${shownPort}`;
}

function unixLine(socket: ShownSocket, options: SocketListOptions): string {
  const [flags, state] =
    socket.state === "LISTEN" ? ["[ ACC ]", "LISTENING"] : ["[ ]", socket.state === "ESTAB" ? "CONNECTED" : ""];
  const held = options.programs
    ? `${(socket.owner ? `${socket.owner.row.pid}/${socket.owner.row.comm}` : "-").slice(0, 19).padEnd(20)} `
    : "";
  return `unix  ${(socket.state === "ESTAB" ? "3" : "2").padEnd(6)} ${flags.padEnd(11)} ${(socket.type === "dgram" ? "DGRAM" : "STREAM").padEnd(10)} ${state.padEnd(13)} ${String(socket.inode).padEnd(8)} ${held}${socket.address}`;
}
