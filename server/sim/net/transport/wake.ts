import type { Namespace } from "../namespace.ts";
import { socketsOf } from "../socket/sockets.ts";
import { Connection } from "./connection.ts";
import { deliverWaiting } from "./datagram.ts";

/** A process goes on: it accepts who waits, and reads what has come, oldest first. */
export function wakeSockets(ns: Namespace, pid: number): void {
  const { sockets, connections } = socketsOf(ns, pid);
  for (const { id } of connections) new Connection(ns, id).wake();
  for (const row of [...sockets, ...connections]) deliverWaiting(ns, row.id);
}
