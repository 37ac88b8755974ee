import type { Bytes, Duration } from "../../kernel/index.ts";
import { Errno, OpenFile, type Process } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import type { Network } from "../network.ts";
import type { SocketRow } from "../socket/row.ts";
import { openSocket, updateSocket } from "../socket/sockets.ts";
import { findUnix, makeSocketFile } from "../socket/unix.ts";
import type { Context, StreamAnswer, StreamServer } from "../transport/application.ts";
import { applicationOf, streamServer } from "../transport/serve.ts";
import { namespaceOf } from "./network-of.ts";

/** Programs' sockets that others can reach, by namespace and row. */
const bound = new WeakMap<Network, Map<string, UnixListener | UnixDatagramSocket>>();

function boundIn(network: Network): Map<string, UnixListener | UnixDatagramSocket> {
  const known = bound.get(network) ?? new Map<string, UnixListener | UnixDatagramSocket>();
  bound.set(network, known);
  return known;
}

/** Binds a unix socket to a path, `@name`, or to nothing (`""`). Throws EADDRINUSE, ENOENT, EACCES. */
function bind(process: Process, path: string, type: "stream" | "dgram", backlog: number | undefined): SocketRow {
  const place = path === "" || path.startsWith("@") ? undefined : makeSocketFile(process.host, path, process);
  const opened = openSocket(namespaceOf(process), {
    protocol: "unix",
    address: path,
    port: 0,
    type,
    pid: process.pid,
    uid: process.uid,
    ...(backlog === undefined ? {} : { backlog }),
    ...(place === undefined ? {} : { place }),
  });
  if (!opened.ok) throw new Errno(opened.errno);
  return opened.value;
}

/** What wakes those who wait for a socket. */
class Wakes {
  readonly #waiting = new Set<() => void>();

  add(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

/** A program's listening unix socket. */
export class UnixListener extends OpenFile {
  readonly row: SocketRow;
  readonly #ns: Namespace;
  readonly #queue: UnixSocket[] = [];
  readonly #wakes = new Wakes();

  /** Throws EADDRINUSE, ENOENT, EACCES. */
  constructor(process: Process, path: string, backlog = 128) {
    super();
    this.#ns = namespaceOf(process);
    this.row = bind(process, path, "stream", backlog);
    boundIn(this.#ns.network).set(this.#key, this);
  }

  get name(): string {
    return `socket:[${this.row.inode}]`;
  }

  override get readable(): boolean {
    return this.#queue.length > 0;
  }

  override onReadable(wake: () => void): () => void {
    return this.#wakes.add(wake);
  }

  /** Takes a client's other end into the queue; false if that is full. */
  queue(end: UnixSocket): boolean {
    if (this.#queue.length > this.row.backlog) return false;
    this.#queue.push(end);
    this.#wakes.wake();
    return true;
  }

  async accept(process: Process): Promise<UnixSocket> {
    while (!this.readable) await process.block<void>((wake) => this.onReadable(() => wake()));
    const end = this.#queue.shift()!;
    updateSocket(this.#ns, end.row.id, { pid: process.pid });
    return end;
  }

  protected override release(): void {
    boundIn(this.#ns.network).delete(this.#key);
    for (const end of this.#queue) end.abandon();
    this.#ns.sockets.delete(this.row.id);
  }

  get #key(): string {
    return `${this.#ns.id}/${this.row.id}`;
  }
}

/** One end of a connected pair of unix stream sockets, or a client of a daemon. */
export class UnixSocket extends OpenFile {
  readonly row: SocketRow;
  readonly #ns: Namespace;
  readonly #wakes = new Wakes();
  #peer: UnixSocket | undefined;
  #server: ServerEnd | undefined;
  #arrived: { bytes: Bytes; delay: Duration }[] = [];
  #ended = false;
  #reset = false;
  #released = false;

  private constructor(ns: Namespace, row: SocketRow) {
    super();
    this.#ns = ns;
    this.row = row;
  }

  /** connect(2). Throws ENOENT, EACCES, ECONNREFUSED, EPROTOTYPE, EAGAIN (the queue is full). */
  static connect(process: Process, path: string): UnixSocket {
    const ns = namespaceOf(process);
    const found = findUnix(process, ns, path, "stream");
    const client = new UnixSocket(ns, bind(process, "", "stream", undefined));
    const application = applicationOf(found.ns, found.row);
    const server = application && streamServer(application);
    if (server) {
      client.#server = new ServerEnd(server, serverContext(found.ns, found.row));
      updateSocket(ns, client.row.id, { state: "connected" });
      client.#take(client.#server.open());
      return client;
    }
    const listener = boundIn(ns.network).get(`${found.ns.id}/${found.row.id}`);
    if (!(listener instanceof UnixListener)) {
      client.#forget();
      throw new Errno("ECONNREFUSED");
    }
    const opened = openSocket(found.ns, { protocol: "unix", address: "", port: 0 });
    if (!opened.ok) throw new Errno(opened.errno);
    const other = new UnixSocket(found.ns, { ...opened.value, address: path });
    found.ns.sockets.set(other.row.id, { ...other.row, place: found.row.place ?? "", state: "connected", peer: client.row.inode }); // prettier-ignore
    updateSocket(ns, client.row.id, { state: "connected", peer: other.row.inode });
    [client.#peer, other.#peer] = [other, client];
    if (listener.queue(other)) return client;
    other.#forget();
    client.#forget();
    throw new Errno("EAGAIN");
  }

  get name(): string {
    return `socket:[${this.row.inode}]`;
  }

  override get readable(): boolean {
    return this.#arrived.length > 0 || this.#ended || this.#reset;
  }

  override onReadable(wake: () => void): () => void {
    return this.#wakes.add(wake);
  }

  override async read(process: Process, max: number): Promise<Bytes> {
    while (!this.readable) await process.block<void>((wake) => this.onReadable(() => wake()));
    const [first] = this.#arrived;
    if (!first) {
      if (this.#reset) throw new Errno("ECONNRESET");
      return "";
    }
    if (first.delay > 0) await process.sleep(Math.round(first.delay));
    this.#arrived.shift();
    if (first.bytes.length > max) this.#arrived.unshift({ bytes: first.bytes.slice(max), delay: 0 });
    return first.bytes.slice(0, max);
  }

  override write(process: Process, data: Bytes): void {
    if (this.#server && !this.#ended) return this.#take(this.#server.receive(data));
    if (!this.#peer) process.brokenPipe();
    this.#peer!.#arrived.push({ bytes: data, delay: 0 });
    this.#peer!.#wakes.wake();
  }

  /** shutdown(SHUT_WR) */
  end(): void {
    if (this.#server) return this.#take(this.#server.end());
    if (!this.#peer) return;
    this.#peer.#ended = true;
    this.#peer.#wakes.wake();
  }

  /** The listener went away before anybody accepted this end. */
  abandon(): void {
    this.#reset = true;
    this.release();
  }

  protected override release(): void {
    if (this.#released) return;
    this.#released = true;
    const peer = this.#peer;
    this.#forget();
    if (!peer) return;
    // What nobody has read makes it a reset (unix_release_sock).
    if (this.#arrived.length > 0 || this.#reset) peer.#reset = true;
    peer.#ended = true;
    peer.#peer = undefined;
    peer.#wakes.wake();
  }

  #take({ bytes, close, delay = 0 }: StreamAnswer): void {
    if (bytes) this.#arrived.push({ bytes, delay });
    if (close) this.#ended = true;
    this.#wakes.wake();
  }

  #forget(): void {
    this.#ns.sockets.delete(this.row.id);
  }
}

/** A daemon's end of a connection: its code, and what it keeps between two pieces. */
class ServerEnd {
  readonly #server: StreamServer;
  readonly #context: Context;
  #memory: unknown;

  constructor(server: StreamServer, context: Context) {
    this.#server = server;
    this.#context = context;
  }

  open(): StreamAnswer {
    return this.#keep(this.#server.open?.(this.#context) ?? {});
  }

  receive(bytes: Bytes): StreamAnswer {
    return this.#keep(this.#server.receive(bytes, this.#context, this.#memory));
  }

  end(): StreamAnswer {
    return this.#keep(this.#server.end?.(this.#context, this.#memory) ?? { close: "fin" });
  }

  #keep(answer: StreamAnswer): StreamAnswer {
    if ("memory" in answer) this.#memory = answer.memory;
    return answer;
  }
}

function serverContext(ns: Namespace, row: SocketRow): Context {
  const local = { address: row.address, port: 0 };
  return { ns, local, remote: { address: "@", port: 0 }, args: row.args, now: ns.kernel.now, protocol: "tcp" };
}

/** A unix datagram socket, bound to a path or not. */
export class UnixDatagramSocket extends OpenFile {
  readonly row: SocketRow;
  readonly #ns: Namespace;
  readonly #wakes = new Wakes();
  readonly #arrived: { bytes: Bytes; from: string }[] = [];
  #peer: string | undefined;

  constructor(process: Process, path: string) {
    super();
    this.#ns = namespaceOf(process);
    this.row = bind(process, path, "dgram", undefined);
    boundIn(this.#ns.network).set(`${this.#ns.id}/${this.row.id}`, this);
  }

  /** connect(2): whom `write` sends to. Throws ENOENT, EACCES, ECONNREFUSED, EPROTOTYPE. */
  connect(process: Process, path: string): void {
    findUnix(process, this.#ns, path, "dgram");
    this.#peer = path;
  }

  get name(): string {
    return `socket:[${this.row.inode}]`;
  }

  override get readable(): boolean {
    return this.#arrived.length > 0;
  }

  override onReadable(wake: () => void): () => void {
    return this.#wakes.add(wake);
  }

  /** The next datagram and the name of the socket that sent it, which is empty if it has none. */
  async receive(process: Process): Promise<{ readonly bytes: Bytes; readonly from: string }> {
    while (!this.readable) await process.block<void>((wake) => this.onReadable(() => wake()));
    return this.#arrived.shift()!;
  }

  override async read(process: Process, max: number): Promise<Bytes> {
    return (await this.receive(process)).bytes.slice(0, max);
  }

  override write(process: Process, data: Bytes): void {
    if (this.#peer === undefined) throw new Errno("ENOTCONN");
    this.send(process, data, this.#peer);
  }

  send(process: Process, bytes: Bytes, to: string): void {
    const found = findUnix(process, this.#ns, to, "dgram");
    const other = boundIn(this.#ns.network).get(`${found.ns.id}/${found.row.id}`);
    if (!(other instanceof UnixDatagramSocket)) return;
    other.#arrived.push({ bytes, from: this.row.address });
    other.#wakes.wake();
  }

  protected override release(): void {
    boundIn(this.#ns.network).delete(`${this.#ns.id}/${this.row.id}`);
    this.#ns.sockets.delete(this.row.id);
  }
}
