import { SECOND, type Bytes, type Duration } from "../../kernel/index.ts";
import { Errno, OpenFile, type ErrnoCode, type Process } from "../../host/index.ts";
import type { Trace } from "../walk/trace.ts";
import { connect, retry, type ConnectSpec } from "../transport/connect.ts";
import type { Connection } from "../transport/connection.ts";
import { namespaceOf } from "./network-of.ts";

/** When a SYN or a segment without answer is sent again: 1 s, doubling (TCP_TIMEOUT_INIT). */
const FIRST_RETRY = SECOND;

/** tcp_syn_retries: after the last retry a connect waits once more, 127 s in all. */
const SYN_RETRIES = 6;

/** A connect that failed, as a system call: `errno`, and what the last attempt met. */
export class ConnectFailed extends Errno {
  readonly trace: Trace | undefined;

  constructor(code: ErrnoCode, trace: Trace | undefined) {
    super(code);
    this.trace = trace;
  }
}

export interface ConnectOptions extends Omit<ConnectSpec, "pid" | "uid" | "fd"> {
  /** Gives up earlier than TCP does (a program's own time-out): ETIMEDOUT. */
  readonly timeout?: Duration;
}

/** Opens a TCP connection as connect(2): waits for the answer, sends the SYN again at 1, 3, 7… seconds. Throws ConnectFailed. */
export async function connectTcp(process: Process, options: ConnectOptions): Promise<TcpSocket> {
  const ns = namespaceOf(process);
  const { timeout = Infinity, ...spec } = options;
  const deadline = process.kernel.now + timeout;
  let result = connect(ns, { ...spec, pid: process.pid, uid: process.uid });
  let wait = FIRST_RETRY;
  try {
    for (let retries = 0; result.outcome === "no answer"; retries++, wait *= 2) {
      const left = deadline - process.kernel.now;
      await process.sleep(Math.min(wait, left));
      if (left <= wait || retries === SYN_RETRIES) throw new ConnectFailed("ETIMEDOUT", result.trace);
      result = retry(result.connection!, spec);
    }
    await process.sleep(Math.round(result.latency));
  } catch (error) {
    result.connection?.close();
    throw error;
  }
  if (!result.connection) throw new ConnectFailed(result.errno ?? "ETIMEDOUT", result.trace);
  return new TcpSocket(result.connection, result.trace);
}

/** A connected TCP socket as a program's descriptor. */
export class TcpSocket extends OpenFile {
  readonly connection: Connection;
  /** How it was opened, on the client's side. */
  readonly opened: { readonly trace: Trace | undefined };
  readonly #waiting = new Set<() => void>();
  #arrived: { readonly bytes: Bytes; readonly delay: Duration }[] = [];
  #ended = false;
  #error: ErrnoCode | undefined;

  constructor(connection: Connection, trace?: Trace) {
    super();
    this.connection = connection;
    this.opened = { trace };
    connection.receive({
      data: (bytes, delay) => {
        this.#arrived.push({ bytes, delay });
        this.#wake();
      },
      end: () => {
        this.#ended = true;
        this.#wake();
      },
      error: (errno) => {
        this.#error = errno;
        this.#wake();
      },
    });
  }

  get name(): string {
    return `socket:[${this.connection.row?.inode ?? 0}]`;
  }

  override get readable(): boolean {
    return this.#arrived.length > 0 || this.#ended || this.#error !== undefined;
  }

  override onReadable(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  override async read(process: Process, max: number): Promise<Bytes> {
    while (!this.readable) await process.block<void>((wake) => this.onReadable(() => wake()));
    const first = this.#arrived[0];
    if (first) {
      if (first.delay > 0) await process.sleep(Math.round(first.delay));
      this.#arrived.shift();
      if (first.bytes.length > max) this.#arrived.unshift({ bytes: first.bytes.slice(max), delay: 0 });
      return first.bytes.slice(0, max);
    }
    if (this.#error !== undefined) throw new Errno(this.#error);
    return "";
  }

  /** Sends all of it; what the network loses is sent again, with TCP's waits, for as long as the way is closed. */
  override async write(process: Process, data: Bytes): Promise<void> {
    for (let wait = FIRST_RETRY; ; wait = Math.min(wait * 2, 120 * SECOND)) {
      const sent = this.connection.send(data);
      if (sent.outcome === "delivered") return;
      if (sent.outcome === "reset") throw new Errno("ECONNRESET");
      if (sent.outcome === "closed") process.brokenPipe();
      await process.sleep(wait);
    }
  }

  override writeNow(data: Bytes): void {
    this.connection.send(data, { tracing: false });
  }

  protected override release(): void {
    this.connection.close();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
