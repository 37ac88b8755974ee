import type { TcpSocket, UnixSocket } from "../../sim/net/index.ts";
import type { ResponseStream } from "../http/response-stream.ts";
import type { Secured } from "./tls.ts";

/** An open connection to a server. */
export interface Link {
  /** Scheme, host and port that it is for. */
  readonly key: string;
  readonly number: number;
  readonly socket: TcpSocket | UnixSocket;
  readonly stream: ResponseStream;
  readonly secured: Secured | undefined;
  ticketsSeen?: boolean;
  /** An HTTP proxy is at the other end. */
  readonly proxied: boolean;
  /** The host as messages name it. */
  readonly shownHost: string;
}

/** Connections that can be used again (lib/conncache.c). */
export class Pool {
  readonly #idle: Link[] = [];
  #count = 0;

  next(): number {
    return this.#count++;
  }

  put(link: Link): void {
    this.#idle.push(link);
  }

  /** An idle connection of that key whose server has not closed it. */
  take(key: string): Link | undefined {
    const at = this.#idle.findIndex((link) => link.key === key && !link.socket.readable);
    return at < 0 ? undefined : this.#idle.splice(at, 1)[0];
  }
}
