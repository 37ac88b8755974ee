import type { WebSocket } from "ws";

/**
 * Finds sockets whose other end is gone without a word: whoever has not answered a ping by the next one is cut off. One
 * timer for all sockets, and none without sockets.
 */
export class Heartbeat {
  readonly #every: number;
  /** Whether each socket was heard since the last ping. */
  readonly #heard = new Map<WebSocket, boolean>();
  #timer: NodeJS.Timeout | undefined;

  /** `every` in milliseconds. */
  constructor(every: number) {
    this.#every = every;
  }

  watch(socket: WebSocket): void {
    this.#heard.set(socket, true);
    socket.on("pong", () => this.#heard.set(socket, true));
    socket.once("close", () => this.#forget(socket));
    this.#timer ??= setInterval(() => this.#beat(), this.#every);
  }

  #beat(): void {
    for (const [socket, heard] of this.#heard) {
      if (!heard) {
        socket.terminate();
        continue;
      }
      this.#heard.set(socket, false);
      socket.ping();
    }
  }

  #forget(socket: WebSocket): void {
    this.#heard.delete(socket);
    if (this.#heard.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
