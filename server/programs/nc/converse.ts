import { SECOND } from "../../sim/kernel/index.ts";
import type { OpenFile, Process } from "../../sim/host/index.ts";
import { TcpSocket, UnixSocket } from "../../sim/net/index.ts";
import { relay } from "../sockets/relay.ts";
import type { NcOptions } from "./options.ts";

export async function fail(process: Process, words: string): Promise<number> {
  await process.error(`nc: ${words}\n`);
  return 1;
}

/** Carries standard input and output over a socket (readwrite). */
export async function converse(process: Process, socket: OpenFile, given: NcOptions): Promise<void> {
  const seconds = given.value("wait");
  const quit = given.value("quit");
  await relay(process, socket, {
    put: async (bytes) => {
      await process.write(1, bytes);
      return true;
    },
    ...(given.has("deaf") ? { deaf: true } : {}),
    ...(given.has("crlf") ? { send: (bytes: string) => bytes.replaceAll(/\r?\n/g, "\r\n") } : {}),
    ...(seconds === undefined ? {} : { idle: Number(seconds) * SECOND }),
    ...(quit === undefined || Number(quit) < 0 ? {} : { linger: Number(quit) * SECOND }),
    inputEnded: () => {
      if (!given.has("shutdown")) return;
      if (socket instanceof TcpSocket) socket.connection.end();
      else if (socket instanceof UnixSocket) socket.end();
    },
  });
}
