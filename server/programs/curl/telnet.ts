import type { Process } from "../../sim/host/index.ts";
import type { TcpSocket } from "../../sim/net/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import { relay } from "../sockets/relay.ts";

/** telnet:// without a terminal's options: what is typed goes out, what comes is written, until either side ends. */
export async function relayTelnet(
  process: Process,
  socket: TcpSocket,
  put: (bytes: Bytes) => Promise<boolean>,
): Promise<void> {
  await relay(process, socket, { put, endsWithInput: true });
}
