import type { Process } from "../../sim/host/index.ts";
import { serviceNames } from "../iptables/names.ts";
import type { ReverseNames } from "../netstat/reverse.ts";
import type { ShownSocket, State } from "../ss/sockets.ts";
import type { LsofOptions } from "./options.ts";

/** A socket that a process has open. */
export type Held = ShownSocket & { readonly owner: NonNullable<ShownSocket["owner"]> };

const STATES: Readonly<Record<State, string>> = {
  ESTAB: "ESTABLISHED",
  "SYN-SENT": "SYN_SENT",
  "SYN-RECV": "SYN_RECV",
  "FIN-WAIT-1": "FIN_WAIT1",
  "FIN-WAIT-2": "FIN_WAIT2",
  "TIME-WAIT": "TIME_WAIT",
  UNCONN: "CLOSE",
  "CLOSE-WAIT": "CLOSE_WAIT",
  "LAST-ACK": "LAST_ACK",
  LISTEN: "LISTEN",
  CLOSING: "CLOSING",
};

/** The state of TCP as lsof calls it; UDP has none. */
export function stateName({ protocol, state }: ShownSocket): string | undefined {
  return protocol === "tcp" ? STATES[state] : undefined;
}

export async function table(
  process: Process,
  sockets: readonly Held[],
  options: LsofOptions,
  names: ReverseNames,
): Promise<string> {
  const { host } = process;
  const rows: string[][] = [
    ["COMMAND", "PID", ...(options.groups ? ["PGID"] : []), ...(options.parents ? ["PPID"] : []), "USER", "FD  ", "TYPE", "DEVICE", "SIZE/OFF", "NODE", "NAME"],
  ]; // prettier-ignore
  for (const socket of sockets) {
    const { row, fd } = socket.owner;
    rows.push([
      row.comm.slice(0, Math.max(options.commandWidth, "COMMAND".length)),
      String(host.pidOf(row)),
      ...(options.groups ? [String(row.pgid)] : []),
      ...(options.parents ? [String(parentOf(process, socket))] : []),
      userName(process, row.uid, options),
      `${fd}u `,
      `IPv${socket.family}`,
      String(socket.inode),
      "0t0",
      socket.protocol.toUpperCase(),
      await fullName(process, socket, options, names),
    ]);
  }
  const last = rows[0]!.length - 1;
  const least: Record<string, number> = { "FD  ": 6, USER: options.numericUsers ? 8 : 4 };
  const widths = rows[0]!.map((head, column) =>
    Math.max(least[head] ?? 0, ...rows.map((cells) => cells[column]!.length)),
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, at) => (at === last ? cell : at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
        .join(" "),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** `-F`: a line for each field, its letter first; those of a process before those of its files. */
export async function fieldOutput(
  process: Process,
  sockets: readonly Held[],
  options: LsofOptions,
  names: ReverseNames,
): Promise<string> {
  const letters = options.fields === "" || options.fields === "0" ? `pgRcuLfatdoPnT${options.fields}` : options.fields!;
  const zero = letters.includes("0");
  const write = (fields: readonly string[]): string => {
    const chosen = fields.filter((field) => field.startsWith("p") || letters.includes(field[0]!));
    if (!zero) return chosen.map((field) => `${field}\n`).join("");
    return chosen.length === 0 ? "" : `${chosen.map((field) => `${field}\0`).join("")}\n`;
  };
  let text = "";
  let shown: number | undefined;
  for (const socket of sockets) {
    const { row, fd } = socket.owner;
    if (shown !== row.pid) {
      const pid = process.host.pidOf(row);
      const user = userName(process, row.uid, { ...options, numericUsers: false });
      text += write([
        `p${pid}`,
        `g${row.pgid}`,
        `R${parentOf(process, socket)}`,
        `c${row.comm}`,
        `u${row.uid}`,
        `L${user}`,
      ]);
    }
    shown = row.pid;
    const state = stateName(socket);
    text += write([
      `f${fd}`,
      "au",
      `tIPv${socket.family}`,
      `d${socket.inode}`,
      "o0t0",
      `P${socket.protocol.toUpperCase()}`,
      `n${await endpoints(process, socket, options, names)}`,
      ...(state === undefined ? [] : [`TST=${state}`]),
      `TQR=${socket.received}`,
      "TQS=0",
    ]);
  }
  return text;
}

function parentOf(process: Process, { owner: { row } }: Held): number {
  const parent = process.machine.process(row.ppid);
  return parent ? process.host.pidOf(parent) : 0;
}

function userName(process: Process, uid: number, { numericUsers }: LsofOptions): string {
  return numericUsers ? String(uid) : (process.host.users.byUid(uid)?.name ?? String(uid));
}

/** Ends and state: a blank where UDP has none. */
async function fullName(process: Process, socket: Held, options: LsofOptions, names: ReverseNames): Promise<string> {
  const ends = await endpoints(process, socket, options, names);
  if (options.information === "") return ends;
  const state = options.information.includes("s") ? stateName(socket) : undefined;
  const queues = options.information.includes("q") ? `QR=${socket.received} QS=0` : undefined;
  const said = [state, queues].filter((word) => word !== undefined).join(" ");
  return said === "" ? `${ends} ` : `${ends} (${said})`;
}

async function endpoints(process: Process, socket: Held, options: LsofOptions, names: ReverseNames): Promise<string> {
  const services = serviceNames(process.host);
  const end = async (address: string, port: number): Promise<string> => {
    let host = address;
    if (/^(?:0\.0\.0\.0|::)$/.test(address)) host = "*";
    else {
      const name = options.numericHosts ? undefined : await names.name(address);
      if (name !== undefined) host = name;
      else if (address.includes(":")) host = `[${address}]`;
    }
    const service = options.numericPorts ? undefined : services.service(port, socket.protocol);
    return `${host}:${port === 0 ? "*" : (service ?? port)}`;
  };
  const local = await end(socket.address, socket.port);
  return socket.peerPort === 0 ? local : `${local}->${await end(socket.peerAddress, socket.peerPort)}`;
}
