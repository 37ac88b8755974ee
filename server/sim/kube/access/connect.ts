import { SECOND, type Duration } from "../../kernel/index.ts";
import type { Process } from "../../host/index.ts";
import { ConnectFailed, connectTcp, isAsleep, resolveName, shakeHands, type TcpSocket } from "../../net/index.ts";
import type { UserInfo } from "../api/index.ts";
import { clustersOf, type Cluster } from "../cluster/cluster.ts";
import { dialError } from "./dial-error.ts";
import type { RestConfig } from "./rest-config.ts";
import { parseServer } from "./server-address.ts";
import { apiServerBehind, identify } from "./server.ts";
import { clientHello, trustError } from "./tls.ts";

/** client-go's net.Dialer and http.Transport: how long they try. */
const DIAL_TIMEOUT: Duration = 30 * SECOND;
const TLS_TIMEOUT: Duration = 10 * SECOND;

/** No connection to an API server, in Go's words: `dial tcp 172.30.1.2:6443: connect: connection refused`. */
export class ApiUnreachable extends Error {}

/** A program's open connection to an API server, and who it is there. Requests go to `cluster.api` while `carry` succeeds. */
export interface ApiConnection {
  readonly cluster: Cluster;
  /** Undefined: the server does not know these credentials (401). */
  readonly user: UserInfo | undefined;
  /** Lets a request cross the network to the server, and its answer come back; throws ApiUnreachable. */
  carry(process: Process): Promise<void>;
  close(): void;
}

/** Connects as a client program does, in its time: look the name up, dial, shake hands. Throws ApiUnreachable. */
export async function connectApi(
  process: Process,
  config: RestConfig,
  timeout: Duration = DIAL_TIMEOUT,
): Promise<ApiConnection> {
  const server = parseServer(config.server);
  if ("error" in server) throw new ApiUnreachable(server.error);
  const found = await resolveName(process, server.host);
  const [address] = found.addresses;
  if (address === undefined) throw new ApiUnreachable(lookupError(process, server.host, found.failure === "try again"));
  const socket = await dial(process, address, server.port, Math.min(timeout, DIAL_TIMEOUT));
  const { connection } = socket;
  const close = (): void => socket.drop();
  try {
    const name = apiServerBehind(socket.opened);
    const cluster = name === undefined ? undefined : clustersOf(process.host.hosts).get(name);
    if (!server.tls)
      throw new ApiUnreachable("drydock: API servers over plain HTTP are not simulated inside the world");
    const handshake = await shakeHands(
      process,
      connection,
      clientHello(config, server.host),
      Math.min(timeout, TLS_TIMEOUT),
    );
    if (handshake.outcome === "no answer") throw new ApiUnreachable("net/http: TLS handshake timeout");
    if (handshake.outcome === "alert")
      throw new ApiUnreachable(`remote error: tls: ${handshake.alert.replaceAll("_", " ")}`);
    if (handshake.outcome === "not tls") throw new ApiUnreachable("http: server gave HTTP response to HTTPS client");
    if (handshake.outcome !== "established") throw new ApiUnreachable("EOF");
    const distrust = trustError(config, server.host, handshake.session.serverChain, process.kernel.now);
    if (distrust !== undefined) throw new ApiUnreachable(distrust);
    if (!cluster) throw new ApiUnreachable("EOF");
    const { clientChain } = handshake.session;
    const user = identify(cluster, {
      ...(clientChain ? { clientChain } : {}),
      ...(config.token === undefined ? {} : { authorization: `Bearer ${config.token}` }),
    });
    return { cluster, user, close, carry: (caller) => carry(caller, socket, address, server.port) };
  } catch (error) {
    close();
    throw error;
  }
}

async function dial(process: Process, to: string, port: number, timeout: Duration): Promise<TcpSocket> {
  try {
    return (await connectTcp(process, { to, port, timeout })).retain();
  } catch (error) {
    if (error instanceof ConnectFailed)
      throw new ApiUnreachable(dialError(to, port, error.code === "ETIMEDOUT" ? undefined : error.code), {
        cause: error,
      });
    throw error;
  }
}

/** One request and its answer cross the network: a piece each way stands for all of their bytes. */
async function carry(process: Process, socket: TcpSocket, address: string, port: number): Promise<void> {
  const sent = socket.connection.send("request", { hold: true, tracing: false });
  const { there } = sent;
  if (sent.outcome === "delivered" && there?.row && !isAsleep(there.ns, there.row)) {
    const back = there.send("response", { hold: true, tracing: false });
    if (back.outcome === "delivered") return process.sleep(Math.round(sent.latency + back.latency));
  }
  if (sent.outcome === "reset") throw new ApiUnreachable(`read tcp ${address}:${port}: read: connection reset by peer`);
  if (sent.outcome === "closed") throw new ApiUnreachable("EOF");
  await process.sleep(DIAL_TIMEOUT);
  throw new ApiUnreachable(dialError(address, port, undefined));
}

function lookupError(process: Process, host: string, again: boolean): string {
  const server = /^nameserver\s+(\S+)/m.exec(process.host.readText("/etc/resolv.conf") ?? "")?.[1] ?? "127.0.0.1";
  return `dial tcp: lookup ${host} on ${server}:53: ${again ? "server misbehaving" : "no such host"}`;
}
