import type { Process } from "../../host/index.ts";
import type { Duration } from "../../kernel/index.ts";
import type { Connection } from "../transport/connection.ts";
import { startTls, type HandshakeResult } from "../transport/handshake.ts";
import type { ClientHello } from "../transport/tls.ts";

/**
 * Starts TLS and waits for the server's answer: that of one that is stopped comes when it goes on. After `patience`
 * (microseconds) without one the outcome is `no answer`.
 */
export async function shakeHands(
  process: Process,
  connection: Connection,
  hello: ClientHello,
  patience: Duration,
): Promise<HandshakeResult> {
  const deadline = process.kernel.now + patience;
  for (;;) {
    const result = startTls(connection, hello);
    if (result.outcome !== "no answer") {
      await process.sleep(Math.round(result.latency));
      return result;
    }
    const left = deadline - process.kernel.now;
    if (left > 0) await nextWake(process, connection, left);
    if (process.kernel.now >= deadline) return result;
  }
}

/** Waits until a stopped process goes on, but not longer than that. */
async function nextWake(process: Process, { ns }: Connection, span: Duration): Promise<void> {
  const { wakeListeners } = ns.network;
  await process.block<void>((wake) => {
    const listener = (): void => wake();
    wakeListeners.add(listener);
    const undo = Number.isFinite(span) ? process.kernel.timer(span, wake) : undefined;
    return () => {
      wakeListeners.delete(listener);
      undo?.();
    };
  });
}
