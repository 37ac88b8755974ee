import type { SocketRow } from "./row.ts";

/** A bound socket in a few words: `tcp 0.0.0.0:80 (pid 1203)`. */
export function socketText(socket: SocketRow): string {
  const host = socket.address.includes(":") ? `[${socket.address}]` : socket.address;
  const owner = socket.pid === undefined ? "" : ` (pid ${socket.pid})`;
  return socket.protocol === "unix"
    ? `unix ${socket.address}${owner}`
    : `${socket.protocol} ${host}:${socket.port}${owner}`;
}
