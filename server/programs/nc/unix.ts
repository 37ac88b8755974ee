import { attempt, Errno, type Process } from "../../sim/host/index.ts";
import { UnixDatagramSocket, UnixListener, UnixSocket } from "../../sim/net/index.ts";
import { errorWords } from "../netdb/libc.ts";
import { converse, fail } from "./converse.ts";
import type { NcOptions } from "./options.ts";

/** `nc -U`: connects to a unix socket, or with `-l` listens at one; with `-u` datagrams. */
export async function overUnix(process: Process, given: NcOptions): Promise<number> {
  const path = given.operands[0]!;
  try {
    if (!given.has("listen")) return await connect(process, given, path);
    // What has the name is removed first (unix_bind).
    attempt(() => process.host.files.unlink(path, process));
    return given.has("udp") ? await listenDatagrams(process, given, path) : await listenStream(process, given, path);
  } catch (error) {
    if (!(error instanceof Errno) || error.code === "EINTR") throw error;
    const words = errorWords(process.host, error.code);
    return fail(process, given.has("listen") ? words : `${path}: ${words}`);
  }
}

async function connect(process: Process, given: NcOptions, path: string): Promise<number> {
  if (!given.has("udp")) {
    const socket = UnixSocket.connect(process, path);
    const fd = process.fds.add(socket, 3);
    if (!given.has("zero")) await converse(process, socket, given);
    process.fds.close(fd);
    return 0;
  }
  const own = `/tmp/nc.${process.kernel.random.text("nc", 10, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}`;
  const socket = new UnixDatagramSocket(process, own);
  const fd = process.fds.add(socket, 3);
  try {
    socket.connect(process, path);
    if (!given.has("zero")) await converse(process, socket, given);
    return 0;
  } finally {
    process.fds.close(fd);
    attempt(() => process.host.files.unlink(own, process));
  }
}

async function listenStream(process: Process, given: NcOptions, path: string): Promise<number> {
  const listening = new UnixListener(process, path, 5);
  process.fds.add(listening, 3);
  if (given.has("verbose")) await process.error(`Bound on ${path}\nListening on ${path}\n`);
  do {
    const socket = await listening.accept(process);
    const fd = process.fds.add(socket, 3);
    if (given.has("verbose")) await process.error(`Connection received on ${path}\n`);
    await converse(process, socket, given);
    process.fds.close(fd);
  } while (given.has("keep"));
  return 0;
}

/** Takes datagrams; the first says whom what is typed goes to. */
async function listenDatagrams(process: Process, given: NcOptions, path: string): Promise<number> {
  const socket = new UnixDatagramSocket(process, path);
  process.fds.add(socket, 3);
  if (given.has("verbose")) await process.error(`Bound on ${path}\n`);
  const first = await socket.receive(process);
  if (given.has("verbose")) await process.error(`Connection received on ${first.from === "" ? path : first.from}\n`);
  if (first.from !== "") socket.connect(process, first.from);
  await process.write(1, first.bytes);
  await converse(process, socket, given);
  return 0;
}
