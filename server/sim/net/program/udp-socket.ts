import type { Bytes, Duration } from "../../kernel/index.ts";
import { Errno, OpenFile, type ErrnoCode, type Process } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import { connectionIndex } from "../socket/lookup.ts";
import type { ConnectionRow, SocketRow } from "../socket/row.ts";
import { openSocket, type SocketSpec } from "../socket/sockets.ts";
import { closeSocket } from "../transport/accept.ts";
import type { End } from "../transport/application.ts";
import { openDatagram, sendDatagram, type DatagramSpec } from "../transport/datagram.ts";
import { setReceiver } from "../transport/receivers.ts";
import { namespaceOf } from "./network-of.ts";
import { mayBindPort } from "./privileged-port.ts";

export interface Datagram {
  readonly bytes: Bytes;
  readonly from: End;
}

/** A program's UDP socket, connected to one peer or bound to a port. */
export class UdpSocket extends OpenFile {
  readonly row: SocketRow | ConnectionRow;
  readonly #ns: Namespace;
  readonly #peer: End | undefined;
  readonly #arrived: (Datagram & { readonly delay: Duration })[] = [];
  readonly #waiting = new Set<() => void>();
  #error: ErrnoCode | undefined;

  private constructor(ns: Namespace, row: SocketRow | ConnectionRow, peer: End | undefined) {
    super();
    this.#ns = ns;
    this.row = row;
    this.#peer = peer;
    setReceiver(ns, row.id, {
      datagram: (bytes, from, delay) => {
        this.#arrived.push({ bytes, from, delay });
        for (const wake of this.#waiting) wake();
      },
    });
  }

  static connected(process: Process, spec: Omit<DatagramSpec, "pid" | "uid">): UdpSocket {
    const ns = namespaceOf(process);
    const row = openDatagram(ns, { ...spec, pid: process.pid, uid: process.uid });
    if (typeof row === "string") throw new Errno(row);
    return new UdpSocket(ns, row, { address: row.peerAddress, port: row.peerPort });
  }

  static bound(process: Process, spec: Omit<SocketSpec, "protocol" | "pid" | "uid" | "application">): UdpSocket {
    const ns = namespaceOf(process);
    if (!mayBindPort(process, ns, spec.port)) throw new Errno("EACCES");
    const opened = openSocket(ns, { ...spec, protocol: "udp", pid: process.pid, uid: process.uid });
    if (!opened.ok) throw new Errno(opened.errno);
    return new UdpSocket(ns, opened.value, undefined);
  }

  get name(): string {
    return `socket:[${this.row.inode}]`;
  }

  override get readable(): boolean {
    return this.#arrived.length > 0 || this.#error !== undefined;
  }

  override onReadable(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  /** Sends one datagram. An ICMP error about it is told by the next receive, as Linux does; local errors are thrown. */
  send(bytes: Bytes, to: End | undefined = this.#peer): void {
    if (!to) throw new Errno("EDESTADDRREQ");
    const { outcome, errno, trace } = sendDatagram(this.#ns, this.row, to, bytes);
    if (errno === undefined) return;
    if (trace?.errno !== undefined || outcome === "not sent") throw new Errno(errno);
    this.#error = errno;
    for (const wake of this.#waiting) wake();
  }

  /** The next datagram; undefined if none came in time. Throws what an ICMP error told. */
  async receive(process: Process, timeout: Duration = Infinity): Promise<Datagram | undefined> {
    const deadline = process.kernel.now + timeout;
    while (!this.readable) {
      const timedOut = await process.block<boolean>((wake) => {
        const undo = this.onReadable(() => wake(false));
        const cancel =
          timeout === Infinity ? () => {} : process.kernel.timer(deadline - process.kernel.now, () => wake(true));
        return () => {
          undo();
          cancel();
        };
      });
      if (timedOut) return undefined;
    }
    const first = this.#arrived.shift();
    if (!first) {
      const error = this.#error!;
      this.#error = undefined;
      throw new Errno(error);
    }
    if (first.delay > 0) await process.sleep(Math.round(first.delay));
    return { bytes: first.bytes, from: first.from };
  }

  override async read(process: Process, max: number): Promise<Bytes> {
    return (await this.receive(process))!.bytes.slice(0, max);
  }

  override write(_process: Process, data: Bytes): void {
    this.send(data);
  }

  protected override release(): void {
    if (!("peerAddress" in this.row)) return closeSocket(this.#ns, this.row.id);
    setReceiver(this.#ns, this.row.id, undefined);
    connectionIndex(this.#ns).delete(this.row);
  }
}
