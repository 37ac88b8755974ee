import type { Bytes, Duration } from "../../kernel/index.ts";
import type { Errno } from "../errno.ts";
import type { Trace } from "../walk/trace.ts";
import type { Connection, SendResult } from "./connection.ts";

export interface ExchangeResult {
  /** `closed`: the server ended the connection before the answer was complete. */
  readonly outcome: "answered" | "no answer" | "reset" | "closed";
  readonly errno: Errno | undefined;
  /** Everything that has come. */
  readonly bytes: Bytes;
  /** The other end has closed. */
  readonly ended: boolean;
  readonly trace: Trace | undefined;
  /** Microseconds until the last piece was there. */
  readonly latency: Duration;
}

/**
 * Says something and takes what is answered at once. `complete` tells when it is enough; servers that are programs answer later,
 * so with them use `Connection.receive`.
 */
export function exchange(
  connection: Connection,
  bytes: Bytes,
  complete: (received: Bytes, ended: boolean) => boolean,
  options: { tracing?: boolean } = {},
): ExchangeResult {
  return collect(connection, complete, () => connection.send(bytes, options));
}

/** Takes what comes in while `act` lets something happen. */
export function collect(
  connection: Connection,
  complete: (received: Bytes, ended: boolean) => boolean,
  act: () => SendResult,
): ExchangeResult {
  let bytes = "";
  let ended = false;
  let lost: Errno | undefined;
  let latency = 0;
  const wait = (delay: Duration): void => void (latency = Math.max(latency, delay));
  connection.receive({
    data(piece, delay) {
      bytes += piece;
      wait(delay);
    },
    end(delay) {
      ended = true;
      wait(delay);
    },
    error(errno, delay) {
      lost = errno;
      wait(delay);
    },
  });
  const sent = act();
  connection.receive();
  wait(sent.latency);
  const done = complete(bytes, ended);
  const outcome = done ? "answered" : outcomeOf(sent, ended, lost);
  const errno = done ? undefined : (lost ?? sent.errno);
  return { outcome, errno, bytes, ended, trace: sent.trace, latency };
}

function outcomeOf(sent: SendResult, ended: boolean, lost: Errno | undefined): ExchangeResult["outcome"] {
  if (sent.outcome === "reset" || lost !== undefined) return "reset";
  return ended || sent.outcome === "closed" ? "closed" : "no answer";
}
