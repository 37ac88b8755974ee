import { Connection, isAsleep, type Application, type Network, type Trace } from "../../net/index.ts";

/** The application of connections that components keep to their servers: nobody reads, and when the server ends, so do they. */
export const STANDING = "kube-client";

export const standing: Application = { stream: { receive: () => ({}) } };

/** Where a component's own end of its connection is. Plain data. */
export interface StandingConnection {
  readonly ns: string;
  readonly id: number;
}

/** The connection as it stands; undefined if one of its ends has closed it. */
export function standingConnection(network: Network, { ns, id }: StandingConnection): Connection | undefined {
  const namespace = network.find(ns);
  const connection = namespace && new Connection(namespace, id);
  return connection?.row?.state === "established" ? connection : undefined;
}

/**
 * Lets a request cross the connection, and its answer come back: what it was when it was opened is not asked again. The way
 * of the request; undefined if one of them did not get there: the connection is given up then.
 */
export function crosses(connection: Connection): Trace | undefined {
  const sent = connection.send("request", { hold: true, tracing: false });
  const { there } = sent;
  const answers = there?.row && !isAsleep(there.ns, there.row);
  const back = answers ? there.send("response", { hold: true, tracing: false }) : undefined;
  if (back?.outcome === "delivered") return sent.trace;
  connection.close();
  return undefined;
}
