import type { Bytes, Duration } from "../../kernel/index.ts";
import type { Errno } from "../errno.ts";
import type { Connection } from "./connection.ts";
import type { End } from "./application.ts";

/**
 * What a program's socket does with what comes in. Everything happens at the present moment of the simulation; `delay` says how
 * long it would have been under way, for the program to wait before it looks.
 */
export interface Receiver {
  data?(bytes: Bytes, delay: Duration): void;
  /** The other side has closed. */
  end?(delay: Duration): void;
  /** The connection is gone: a reset, or an ICMP error. */
  error?(errno: Errno, delay: Duration): void;
  /** A listening socket has a new connection to accept. */
  connected?(connection: Connection, delay: Duration): void;
  datagram?(bytes: Bytes, from: End, delay: Duration): void;
}

/** By namespace and row of the socket: `node01/4711`. */
export type Receivers = Map<string, Receiver>;
