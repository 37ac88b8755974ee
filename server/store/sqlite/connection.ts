import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import { Worker } from "node:worker_threads";
import { StorageError } from "../store.ts";
import type { FromDatabase, ToDatabase } from "./messages.ts";

type Done = Extract<FromDatabase, { kind: "done" }>;

interface Waiting {
  readonly done: (answer: Done) => void;
  readonly failed: (error: Error) => void;
}

/** Threads do not inherit the compile cache; with it from the first module on, this one starts in half the time. */
const THREAD = new URL("thread.ts", import.meta.url);
const BOOT = `require("node:module").enableCompileCache(); import(${JSON.stringify(THREAD.href)});`;

/**
 * The main thread's side of a database. The database has a thread of its own, because waiting for the disk (milliseconds,
 * now and then a hundred) would hold up everybody's keystrokes. The thread does not keep the process alive by itself.
 */
export class Connection implements DatabaseConnection {
  readonly #path: string;
  readonly #thread: Worker;
  readonly #waiting: Waiting[] = [];
  #closing = false;
  #ended: StorageError | undefined;

  private constructor(path: string) {
    this.#path = path;
    this.#thread = new Worker(BOOT, { eval: true, workerData: path, execArgv: [] });
    this.#thread.on("message", (answer: FromDatabase) => this.#answer(answer));
    this.#thread.on("error", (error: unknown) => this.#end(error));
    this.#thread.on("exit", () => this.#end(undefined));
  }

  /** Throws StorageError. */
  static async open(path: string): Promise<Connection> {
    const connection = new Connection(path);
    await connection.#next();
    return connection;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes } = await this.#ask({ kind: "query", sql, parameters });
    const read = { rows: rows as R[] };
    return changes === null ? read : { ...read, numAffectedRows: BigInt(changes) };
  }

  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("queries of the store are not streamed");
  }

  async rollback(): Promise<void> {
    await this.#ask({ kind: "rollback" });
  }

  /** Closes the database; when it is done, another process may open it. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#closing = true;
    const exit = new Promise((resolve) => this.#thread.once("exit", resolve));
    await this.#ask({ kind: "close" });
    this.#thread.ref();
    await exit;
  }

  #ask(request: ToDatabase): Promise<Done> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const answer = this.#next();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
    this.#thread.postMessage(request);
    return answer;
  }

  #next(): Promise<Done> {
    if (this.#waiting.length === 0) this.#thread.ref();
    return new Promise((done, failed) => this.#waiting.push({ done, failed }));
  }

  #answer(answer: FromDatabase): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#thread.unref();
    if (answer.kind === "done") waiting?.done(answer);
    else if (answer.full === null) waiting?.failed(new Error(answer.message));
    else waiting?.failed(new StorageError(answer.message, answer.full));
  }

  #end(cause: unknown): void {
    const what = this.#closing ? "is closed" : "has lost its thread; what was stored is safe. Start Drydock again";
    this.#ended ??= new StorageError(`the database ${this.#path} ${what}`, false, { cause });
    for (const waiting of this.#waiting.splice(0)) waiting.failed(this.#ended);
  }
}
