import type { ProcessRow } from "../../sim/host/index.ts";
import { protocolName } from "../../sim/net/index.ts";
import type { ShownSocket } from "./sockets.ts";
import type { Row } from "./table.ts";

export interface CellOptions {
  readonly numeric: boolean;
  readonly processes: boolean;
  readonly timers: boolean;
  readonly details: boolean;
  readonly now: number;
  service(port: number, protocol: string): string | undefined;
  host?(address: string): string | undefined;
  pidOf(row: ProcessRow): number;
}

/** One socket as the cells of a line (iproute2 misc/ss.c: sock_state_print, inet_show_sock). */
export function cellsOf(socket: ShownSocket, options: CellOptions): Row {
  const { protocol } = socket;
  const unix = protocol === "unix";
  return [
    unix ? (socket.type === "dgram" ? "u_dgr" : "u_str") : protocol,
    socket.state,
    String(socket.received).padEnd(6),
    String(socket.sending).padEnd(6),
    unix
      ? `${socket.address || "*"} `
      : `${host(socket, socket.address, options)}${socket.device === undefined ? "" : `%${socket.device}`}:`,
    unix ? String(socket.inode) : port(socket, socket.port, options),
    unix ? "* " : `${host(socket, socket.peerAddress, options)}:`,
    unix ? String(socket.peerPort) : port(socket, socket.peerPort, options),
    `${owner(socket, options)}${timer(socket, options)}${details(socket, options)}`,
    "",
  ];
}

/** `*` stands for any address of both families. */
function host(socket: ShownSocket, address: string, options: CellOptions): string {
  if (socket.family === 4) return options.host?.(address) ?? address;
  if (address === "::") return socket.v6only ? "[::]" : "*";
  const shown = address.includes(":") ? address : `::ffff:${address}`;
  return options.host?.(address) ?? `[${shown}]`;
}

function port({ protocol }: ShownSocket, number: number, options: CellOptions): string {
  if (number === 0) return "*";
  if (options.numeric) return String(number);
  if (protocol === "raw") return protocolName(number) ?? String(number);
  return options.service(number, protocol) ?? String(number);
}

function owner({ owner: found }: ShownSocket, options: CellOptions): string {
  if (!options.processes || !found) return "";
  return ` users:(("${found.row.comm}",pid=${options.pidOf(found.row)},fd=${found.fd}))`;
}

function timer({ state, until }: ShownSocket, { timers, now }: CellOptions): string {
  if (!timers || until === undefined || (state !== "TIME-WAIT" && state !== "FIN-WAIT-2")) return "";
  return ` timer:(timewait,${spanText(Math.max(0, Math.round((until - now) / 1000)))},0)`;
}

/** print_ms_timer: minutes and seconds, below ten seconds with milliseconds. */
function spanText(milliseconds: number): string {
  let seconds = Math.floor(milliseconds / 1000);
  let rest = milliseconds % 1000;
  const minutes = Math.floor(seconds / 60);
  seconds %= 60;
  let text = "";
  if (minutes > 0) {
    rest = 0;
    text = `${minutes}min`;
    if (minutes > 9) seconds = 0;
  }
  if (seconds > 0) {
    if (seconds > 9) rest = 0;
    text += `${seconds}${rest > 0 ? "." : "sec"}`;
  }
  return rest > 0 ? `${text}${String(rest).padStart(3, "0")}ms` : text;
}

function details(socket: ShownSocket, options: CellOptions): string {
  if (!options.details || socket.protocol === "unix") return "";
  const uid = socket.uid === 0 ? "" : ` uid:${socket.uid}`;
  const only = socket.family === 6 ? ` v6only:${socket.v6only ? 1 : 0}` : "";
  return `${uid} ino:${socket.inode} sk:${socket.id.toString(16)}${only} <->`;
}
