import { SECOND } from "../../sim/kernel/index.ts";
import type { Host, Process, User } from "../../sim/host/index.ts";
import { ConnectFailed, connectTcp, SSHD, type TcpSocket } from "../../sim/net/index.ts";
import { getaddrinfo } from "../netdb/getaddrinfo.ts";
import { errorWords, gaiWords } from "../netdb/libc.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";
import { authenticate } from "./authenticate.ts";
import { SshFailure } from "./failure.ts";
import { checkHostKey } from "./host-key.ts";
import type { SshOptions } from "./options.ts";

/** A login that sshd has granted. */
export interface SshSession {
  readonly socket: TcpSocket;
  /** The machine that sshd runs on, and its process there. */
  readonly host: Host;
  readonly sshd: number;
  readonly user: User;
}

const CLIENT = "SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5\r\n";

/** Connects to a host's sshd, checks its key and logs in. Throws SshFailure. */
export async function connectSsh(process: Process, options: SshOptions): Promise<SshSession> {
  const name = options.settings.get("hostname") ?? options.host;
  const found = await getaddrinfo(process, name, options.family);
  if (found.failure !== undefined)
    throw new SshFailure(`ssh: Could not resolve hostname ${name}: ${gaiWords(process.host, found.failure)}`);
  const socket = await dial(process, options, found.addresses);
  process.fds.add(socket, 3);
  const { host, sshd } = await identify(process, socket);
  await checkHostKey(process, options, host, socket.connection.remote.address);
  const user = await authenticate(process, options, host);
  return { socket, host, sshd, user };
}

async function dial(process: Process, options: SshOptions, addresses: readonly string[]): Promise<TcpSocket> {
  const seconds = options.settings.get("connecttimeout");
  const limit = seconds === undefined ? Infinity : Number(seconds) * SECOND || Infinity;
  let words = "";
  for (const address of addresses) {
    try {
      const from = options.bind === undefined ? {} : { from: { address: options.bind } };
      const socket = await within(process, limit, () =>
        connectTcp(process, { to: address, port: options.port, ...from }),
      );
      if (socket !== TIMED_OUT) return socket;
      words = errorWords(process.host, "ETIMEDOUT");
    } catch (error) {
      if (!(error instanceof ConnectFailed)) throw error;
      words = errorWords(process.host, error.code);
    }
    if (address !== addresses.at(-1))
      await process.error(`ssh: connect to host ${options.host} port ${options.port}: ${words}\n`);
  }
  throw new SshFailure(`ssh: connect to host ${options.host} port ${options.port}: ${words}`);
}

/** Both sides say who they are; nothing but an sshd of this world can be logged in to. */
async function identify(process: Process, socket: TcpSocket): Promise<{ host: Host; sshd: number }> {
  const { address, port } = socket.connection.remote;
  await socket.write(process, CLIENT);
  let banner = "";
  while (!banner.includes("\n")) {
    let piece: string | typeof TIMED_OUT;
    try {
      piece = await within(process, 120 * SECOND, async () => socket.read(process, 256));
    } catch (error) {
      if ((error as { code?: string }).code !== "ECONNRESET") throw error;
      throw new SshFailure(
        `kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by ${address} port ${port}`,
      );
    }
    if (piece === TIMED_OUT)
      throw new SshFailure(
        `Connection timed out during banner exchange\nConnection to ${address} port ${port} timed out`,
      );
    if (piece === "")
      throw new SshFailure(
        `kex_exchange_identification: Connection closed by remote host\r\nConnection closed by ${address} port ${port}`,
      );
    banner += piece;
  }
  const listener = socket.opened.trace?.delivery?.socket;
  const host = listener?.application === SSHD ? process.host.hosts.host(listener.args as string) : undefined;
  if (host && banner.startsWith("SSH-2.0-")) return { host, sshd: listener?.pid ?? 1 };
  if (!banner.startsWith("SSH-"))
    throw new SshFailure(
      `kex_exchange_identification: banner line contains invalid characters\r\nbanner exchange: Connection to ${address} port ${port}: invalid format`,
    );
  throw new SshFailure(`Connection closed by ${address} port ${port}`);
}
