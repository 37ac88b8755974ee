import { Errno, type Process } from "../../sim/host/index.ts";
import { ListeningSocket, UdpSocket } from "../../sim/net/index.ts";
import { getnameinfo } from "../netdb/getnameinfo.ts";
import { errorWords } from "../netdb/libc.ts";
import { converse, fail } from "./converse.ts";
import type { NcOptions } from "./options.ts";

/** `nc -l`: takes one client, or with `-k` one after another. */
export async function listen(
  process: Process,
  given: NcOptions,
  host: string | undefined,
  port: number,
): Promise<number> {
  const address = host ?? (given.has("six") ? "::" : "0.0.0.0");
  try {
    return given.has("udp")
      ? await listenUdp(process, given, address, port)
      : await listenTcp(process, given, address, port);
  } catch (error) {
    if (error instanceof Errno && error.code !== "EINTR") return fail(process, errorWords(process.host, error.code));
    throw error;
  }
}

async function listenTcp(process: Process, given: NcOptions, address: string, port: number): Promise<number> {
  const listening = new ListeningSocket(process, { address, port, backlog: 1, reuseAddress: true, reusePort: true });
  process.fds.add(listening, 3);
  if (given.has("verbose")) await process.error(`Listening on ${await shown(process, given, address)} ${port}\n`);
  do {
    const socket = await listening.accept(process);
    const fd = process.fds.add(socket, 3);
    const { remote } = socket.connection;
    if (given.has("verbose"))
      await process.error(`Connection received on ${await shown(process, given, remote.address)} ${remote.port}\n`);
    await converse(process, socket, given);
    process.fds.close(fd);
  } while (given.has("keep"));
  return 0;
}

/** The first datagram says whom the socket is for from then on. */
async function listenUdp(process: Process, given: NcOptions, address: string, port: number): Promise<number> {
  const socket = UdpSocket.bound(process, { address, port, reuseAddress: true, reusePort: true });
  process.fds.add(socket, 3);
  if (given.has("verbose")) await process.error(`Bound on ${await shown(process, given, address)} ${port}\n`);
  let peer: { address: string; port: number } | undefined;
  const input = process.fds.find(0);
  for (;;) {
    const datagram = (await socket.receive(process))!;
    if (!peer || given.has("keep")) {
      if (given.has("verbose") && peer?.port !== datagram.from.port)
        await process.error(
          `Connection received on ${await shown(process, given, datagram.from.address)} ${datagram.from.port}\n`,
        );
      peer = datagram.from;
    }
    if (datagram.from.address === peer.address && datagram.from.port === peer.port)
      await process.write(1, datagram.bytes);
    if (input?.readable && !given.has("deaf")) {
      const bytes = await input.read(process, 16_384);
      if (bytes !== "") socket.send(bytes, peer);
    }
  }
}

async function shown(process: Process, given: NcOptions, address: string): Promise<string> {
  return given.has("numeric") ? address : ((await getnameinfo(process, address)) ?? address);
}
