import { Errno, OpenFile, type Process } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import { openSocket, type SocketSpec } from "../socket/sockets.ts";
import type { SocketRow } from "../socket/row.ts";
import { waitingConnections } from "../socket/waiting.ts";
import { acceptConnection, closeSocket } from "../transport/accept.ts";
import { setReceiver } from "../transport/receivers.ts";
import { namespaceOf } from "./network-of.ts";
import { mayBindPort } from "./privileged-port.ts";
import { TcpSocket } from "./tcp-socket.ts";

/** A program's listening TCP socket: connections queue up until it accepts them. */
export class ListeningSocket extends OpenFile {
  readonly row: SocketRow;
  readonly #ns: Namespace;
  readonly #waiting = new Set<() => void>();

  /** Binds and listens. Throws EADDRINUSE, EADDRNOTAVAIL, EACCES (a port below 1024 and not root). */
  constructor(process: Process, spec: Omit<SocketSpec, "protocol" | "pid" | "uid" | "application">) {
    super();
    const ns = namespaceOf(process);
    if (!mayBindPort(process, ns, spec.port)) throw new Errno("EACCES");
    const opened = openSocket(ns, { backlog: 128, ...spec, protocol: "tcp", pid: process.pid, uid: process.uid });
    if (!opened.ok) throw new Errno(opened.errno);
    this.row = opened.value;
    this.#ns = ns;
    setReceiver(ns, this.row.id, { connected: () => this.#waiting.forEach((wake) => wake()) });
  }

  get name(): string {
    return `socket:[${this.row.inode}]`;
  }

  override get readable(): boolean {
    return waitingConnections(this.#ns, this.row.id).length > 0;
  }

  override onReadable(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  /** The next connection, when there is one. */
  async accept(process: Process): Promise<TcpSocket> {
    while (!this.readable) await process.block<void>((wake) => this.onReadable(() => wake()));
    return new TcpSocket(acceptConnection(this.#ns, this.row.id, { pid: process.pid })!);
  }

  protected override release(): void {
    closeSocket(this.#ns, this.row.id);
  }
}
