import { Ended, Errno, type Process } from "../../../../sim/host/index.ts";
import type { Bytes } from "../../../../sim/kernel/index.ts";
import { TcpSocket, type ListeningSocket } from "../../../../sim/net/index.ts";
import { klog } from "../../client/klog.ts";
import { GoError } from "../../errors/go-error.ts";
import type { PodPorts } from "../../transport.ts";
import type { ForwardedPort } from "./ports.ts";

/** Takes connections to a local port and joins each to one of its own within the pod (client-go tools/portforward). */
export async function forwardConnections(
  process: Process,
  socket: ListeningSocket,
  port: ForwardedPort,
  pod: PodPorts,
): Promise<void> {
  for (;;) {
    const here = (await socket.accept(process)).retain();
    await process.print(`Handling connection for ${port.local}\n`);
    const there = pod.connect(port.remote);
    if ("error" in there) {
      here.drop();
      const sandbox = /inside namespace "([^"]*)"/.exec(there.error)?.[1] ?? "";
      const why = `an error occurred forwarding ${port.local} -> ${port.remote}: error forwarding port ${port.remote} to pod ${sandbox}, uid : ${there.error}`;
      await klog(process, "E", "portforward.go:424", `"Unhandled Error" err=${JSON.stringify(why)}`);
      throw new GoError("lost connection to pod");
    }
    const far = new TcpSocket(there.connection!).retain();
    let open = 2;
    const done = (): void => {
      if (--open > 0) return;
      here.drop();
      far.drop();
    };
    pump(process, here, far, done);
    pump(process, far, here, done);
  }
}

const PIECE = 32 * 1024;

/** Carries bytes one way until that side ends. */
function pump(process: Process, from: TcpSocket, to: TcpSocket, done: () => void): void {
  process.kernel.start(async () => {
    try {
      for (;;) {
        const data: Bytes = await from.read(process, PIECE);
        if (data === "") break;
        await to.write(process, data);
      }
      to.connection.end();
    } catch (error) {
      if (!(error instanceof Errno) && !(error instanceof Ended)) throw error;
      // One side is gone: the other is let go of, too.
      to.connection.close();
    } finally {
      done();
    }
  });
}
