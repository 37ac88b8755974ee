import type { OpenFile, Process } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import { relay } from "../sockets/relay.ts";

/** telnet:// without a terminal's options: what is typed goes out, what comes is written, until the other end closes. */
export async function relayTelnet(
  process: Process,
  socket: OpenFile,
  put: (bytes: Bytes) => Promise<boolean>,
): Promise<void> {
  await relay(process, socket, { put });
}
