import type { Namespace } from "../namespace.ts";
import { connectionIndex } from "../socket/lookup.ts";
import { waitingConnections } from "../socket/waiting.ts";
import { Connection } from "./connection.ts";
import { setReceiver } from "./receivers.ts";

/** The next connection of a listening socket (accept(2)); undefined if none waits. */
export function acceptConnection(
  ns: Namespace,
  listener: number,
  owner: { pid?: number; fd?: number } = {},
): Connection | undefined {
  const [next] = waitingConnections(ns, listener);
  if (!next) return undefined;
  const { waiting: _, ...row } = next;
  connectionIndex(ns).put({ ...row, ...owner });
  return new Connection(ns, row.id);
}

/** Closes a bound or listening socket. Connections that nobody accepted are reset (inet_csk_listen_stop). */
export function closeSocket(ns: Namespace, id: number): void {
  if (ns.sockets.get(id)?.state === "listen")
    for (const row of waitingConnections(ns, id)) new Connection(ns, row.id).reset();
  ns.sockets.delete(id);
  setReceiver(ns, id, undefined);
}
