import { SECOND, type Bytes, type Duration } from "../../sim/kernel/index.ts";
import { Errno, type ErrnoCode, type Process } from "../../sim/host/index.ts";
import { connectTcp, decodeDns, encodeDns, UdpSocket, type DnsMessage } from "../../sim/net/index.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";
import type { NameServer } from "./servers.ts";

export interface Reply {
  readonly message: DnsMessage;
  readonly server: NameServer;
  readonly size: number;
  readonly time: Duration;
  readonly tcp: boolean;
}

export interface AskOptions {
  readonly port: number;
  readonly tcp: boolean;
  /** How often the first server is asked; all others once (`retries` of dig_lookup_t). */
  readonly tries: number;
  /** In seconds. */
  readonly timeout: number;
  /** Truncated answers are taken as they are. */
  readonly ignoreTruncation?: boolean;
  readonly source?: string;
  /** A line behind `;; `. */
  comment(text: string): Promise<void>;
  /** The name in the words of a set-up that fails. */
  readonly label: string;
}

/** isc_result_totext of what a socket may meet. */
const RESULTS: Partial<Record<ErrnoCode, string>> = {
  ECONNREFUSED: "connection refused",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ECONNRESET: "connection reset",
  ETIMEDOUT: "timed out",
  EADDRNOTAVAIL: "address not available",
  EPERM: "permission denied",
  EACCES: "permission denied",
};

/** Why nobody answered: `silent`, or a socket could not even be set up, which ends dig without its heading. */
export type NoReply = "silent" | "set-up";

/**
 * Asks servers in turn until one answers, and tells what goes wrong on the way (bin/dig/dighost.c). `judge` may send an answer
 * back: the next server is asked then, if there is one.
 */
export async function askServers(
  process: Process,
  servers: readonly NameServer[],
  query: DnsMessage,
  options: AskOptions,
  judge: (reply: Reply, next: NameServer | undefined) => Promise<boolean> = async () => true,
): Promise<Reply | NoReply> {
  let left = options.tries;
  let failure: NoReply = "silent";
  for (const [at, server] of servers.entries()) {
    for (;;) {
      const result = await askOne(process, server, query, options, options.tcp);
      if (typeof result !== "string") {
        const whole = await completed(process, server, query, options, result);
        if (typeof whole === "string") break;
        if ((await judge(whole, servers[at + 1])) || at === servers.length - 1) return whole;
        break;
      }
      const place = `${server.address}#${options.port}`;
      if (result.startsWith("!")) {
        failure = "set-up";
        const protocol = options.tcp ? "TCP" : "UDP";
        await options.comment(
          `${protocol} setup with ${place}(${server.name}) for ${options.label} failed: ${result.slice(1)}.`,
        );
        break;
      }
      if (result.startsWith("?")) {
        failure = "set-up";
        await options.comment(
          `Connection to ${place}(${server.name}) for ${options.label} failed: ${result.slice(1)}.`,
        );
        if (left <= 1) break;
        left--;
        await options.comment("no servers could be reached");
        continue;
      }
      failure = "silent";
      await options.comment(`communications error to ${place}: ${result}`);
      if (left <= 1) break;
      left--;
    }
  }
  return failure;
}

async function completed(
  process: Process,
  server: NameServer,
  query: DnsMessage,
  options: AskOptions,
  reply: Reply,
): Promise<Reply | string> {
  // prettier-ignore
  if (!reply.message.truncated || reply.tcp || options.ignoreTruncation) return reply;
  await options.comment("Truncated, retrying in TCP mode.");
  const again = await askOne(process, server, query, options, true);
  if (typeof again === "string")
    await options.comment(`communications error to ${server.address}#${options.port}: ${again.replace("!", "")}`);
  return again;
}

/** One question to one server: its reply, or what happened; with `!` if nothing could be sent. */
async function askOne(
  process: Process,
  server: NameServer,
  query: DnsMessage,
  options: AskOptions,
  tcp: boolean,
): Promise<Reply | string> {
  // prettier-ignore
  const started = process.kernel.now;
  const connected = { done: false };
  try {
    const span = options.timeout * SECOND;
    const bytes = tcp
      ? await within(process, span, () => overTcp(process, server, query, options, connected))
      : await overUdp(process, server, query, options, span);
    if (bytes === TIMED_OUT || bytes === undefined) return tcp && !connected.done ? "?timed out" : "timed out";
    if (bytes === "") return "end of file";
    return { message: decodeDns(bytes)!, server, size: bytes.length, time: process.kernel.now - started, tcp };
  } catch (error) {
    if (!(error instanceof Errno) || error.code === "EINTR") throw error;
    const words = RESULTS[error.code] ?? error.message.toLowerCase();
    if (tcp && !connected.done) return `?${words}`;
    return error instanceof NotSetUp ? `!${words}` : words;
  }
}

class NotSetUp extends Errno {}

async function overUdp(
  process: Process,
  { address }: NameServer,
  query: DnsMessage,
  { port, source }: AskOptions,
  span: Duration,
): Promise<Bytes | undefined> {
  // prettier-ignore
  let socket: UdpSocket;
  try {
    socket = UdpSocket.connected(process, {
      to: address,
      port,
      ...(source === undefined ? {} : { from: { address: source } }),
    }).retain();
  } catch (error) {
    if (error instanceof Errno) throw new NotSetUp(error.code);
    throw error;
  }
  const deadline = process.kernel.now + span;
  try {
    socket.send(encodeDns(query));
    for (;;) {
      const datagram = await socket.receive(process, deadline - process.kernel.now);
      if (!datagram) return undefined;
      const message = decodeDns(datagram.bytes);
      if (message?.response && message.id === query.id) return datagram.bytes;
    }
  } finally {
    socket.drop();
  }
}

async function overTcp(
  process: Process,
  { address }: NameServer,
  query: DnsMessage,
  { port }: AskOptions,
  connected: { done: boolean },
): Promise<Bytes> {
  const socket = (await connectTcp(process, { to: address, port })).retain();
  connected.done = true;
  try {
    const bytes = encodeDns(query);
    await socket.write(process, String.fromCharCode(bytes.length >> 8, bytes.length & 0xff) + bytes);
    let received = "";
    for (;;) {
      const piece = await socket.read(process, 65_536);
      if (piece === "") return "";
      received += piece;
      const length = (received.charCodeAt(0) << 8) | received.charCodeAt(1);
      if (received.length >= 2 + length) return received.slice(2, 2 + length);
    }
  } finally {
    socket.drop();
  }
}
