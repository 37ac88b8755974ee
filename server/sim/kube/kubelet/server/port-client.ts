import type { Bytes, Duration, Time } from "../../../kernel/index.ts";
import { SECOND } from "../../../kernel/index.ts";
import type { Connection } from "../../../net/index.ts";
import type { PortForward } from "./streams.ts";

/** A client outside of this world that has a Pod's port forwarded to it: one connection. */
export interface PortClient {
  data(bytes: Bytes): void;
  /** The server will say nothing more. */
  ended(): void;
  /** The connection is gone. */
  reset(): void;
  /** So many bytes have reached the server. */
  taken(bytes: number): void;
}

/** What such a client does. */
export interface ForwardedPort {
  send(bytes: Bytes): void;
  /** It will say nothing more. */
  end(): void;
  /** It has taken so many bytes. */
  taken(bytes: number): void;
  cut(): void;
}

/** A client that is so far behind loses its connection. */
const MOST_BEHIND = 16 * 1024 * 1024;
/** When a segment without answer is sent again: 1 s, doubling. */
const FIRST_RETRY = SECOND;
const LAST_RETRY = 120 * SECOND;

/** Connects a client to a port of the Pod, or says why that cannot be. */
export function forwardPort(
  forward: PortForward,
  port: number,
  client: PortClient,
): ForwardedPort | { readonly error: string } {
  const result = forward.connect(port);
  return "error" in result ? result : new Forwarded(result.connection!, client);
}

class Forwarded implements ForwardedPort {
  readonly #connection: Connection;
  readonly #client: PortClient;
  /** When what has arrived so far is there: bytes stay in order. */
  #due: Time = 0;
  #behind = 0;
  #queue: (Bytes | null)[] = [];
  #waiting = false;
  #over = false;

  constructor(connection: Connection, client: PortClient) {
    this.#connection = connection;
    this.#client = client;
    connection.receive({
      data: (bytes, delay) => this.#later(delay, () => this.#deliver(bytes)),
      end: (delay) => this.#later(delay, () => !this.#over && client.ended()),
      error: (_errno, delay) => this.#later(delay, () => this.#lost()),
    });
  }

  send(bytes: Bytes): void {
    if (bytes !== "") this.#put(bytes);
  }

  end(): void {
    this.#put(null);
  }

  taken(bytes: number): void {
    this.#behind = Math.max(0, this.#behind - bytes);
  }

  cut(): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue = [];
    this.#connection.close();
  }

  #put(next: Bytes | null): void {
    if (this.#over) return;
    this.#queue.push(next);
    if (!this.#waiting) this.#flow(FIRST_RETRY);
  }

  #flow(retry: Duration): void {
    while (!this.#over && this.#queue.length > 0) {
      const next = this.#queue[0]!;
      if (next === null) this.#connection.end();
      else {
        const { outcome } = this.#connection.send(next, { tracing: false });
        if (outcome === "no answer") return this.#again(retry);
        if (outcome !== "delivered") return this.#lost();
        this.#client.taken(next.length);
      }
      this.#queue.shift();
    }
  }

  #again(retry: Duration): void {
    this.#waiting = true;
    this.#after(retry, () => {
      this.#waiting = false;
      this.#flow(Math.min(2 * retry, LAST_RETRY));
    });
  }

  #deliver(bytes: Bytes): void {
    if (this.#over) return;
    this.#behind += bytes.length;
    this.#client.data(bytes);
    if (this.#behind > MOST_BEHIND) this.#lost();
  }

  #lost(): void {
    if (this.#over) return;
    this.cut();
    this.#client.reset();
  }

  /** Bytes that are still under way arrive when they would. */
  #later(delay: Duration, act: () => void): void {
    const { kernel } = this.#connection.ns;
    this.#due = Math.max(this.#due, kernel.now + Math.round(delay));
    if (this.#due <= kernel.now) act();
    else this.#after(this.#due - kernel.now, act);
  }

  #after(span: Duration, act: () => void): void {
    const undo = this.#connection.ns.kernel.timer(span, () => {
      undo();
      act();
    });
  }
}
