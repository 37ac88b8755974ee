import { Worker } from "node:worker_threads";
import { UserError } from "../attempts/index.ts";
import { FromReviewer, type ToReviewer } from "../sessions/protocol/index.ts";

type Request = Extract<ToReviewer, { request: number }>;
/** A request without its number. */
export type Order = Request extends infer R ? (R extends Request ? Omit<R, "request"> : never) : never;

/** What happens in a sandbox. */
export interface SandboxViewer {
  output(bytes: string): void;
  ended(status: number): void;
  /** It is no more. */
  lost(): void;
}

/** The worker as this side sees it. */
export interface ReplayPort {
  post(message: ToReviewer): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (reason: string) => void): void;
  terminate(): Promise<unknown>;
}

/** A worker that nobody has needed for so many milliseconds ends. */
const IDLE = 120_000;

/** A thread that plays attempts again. */
export function replayThread(url: URL, workerData: unknown): ReplayPort {
  const worker = new Worker(url, { workerData, resourceLimits: { maxOldGenerationSizeMb: 2048 } });
  let reason: string | undefined;
  worker.on("error", (error: unknown) => (reason = error instanceof Error ? error.message : String(error)));
  return {
    post: (message) => worker.postMessage(message, []),
    onMessage: (listener) => void worker.on("message", listener),
    onExit: (listener) => void worker.on("exit", (code) => listener(reason ?? `it ended with code ${code}`)),
    terminate: () => worker.terminate(),
  };
}

interface Waiting {
  readonly resolve: (answer: FromReviewer) => void;
  readonly reject: (error: unknown) => void;
}

/** The worker in which attempts are played again: it starts when somebody reviews, and ends when nobody does. */
export class ReplayWorker {
  readonly #spawn: () => ReplayPort;
  #port: ReplayPort | undefined;
  readonly #waiting = new Map<number, Waiting>();
  readonly #sandboxes = new Map<number, SandboxViewer>();
  #numbers = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(spawn: () => ReplayPort) {
    this.#spawn = spawn;
  }

  /** Throws UserError. */
  ask<K extends FromReviewer["kind"]>(order: Order, kind: K): Promise<Extract<FromReviewer, { kind: K }>> {
    const request = ++this.#numbers;
    return new Promise((resolve, reject) => {
      const answered = (message: FromReviewer): void => {
        if (message.kind === kind) resolve(message as Extract<FromReviewer, { kind: K }>);
        else reject(failed("message" in message ? message.message : `It answered with ${message.kind}.`));
      };
      this.#waiting.set(request, { resolve: answered, reject });
      this.#running().post({ ...order, request });
    });
  }

  /** What a new sandbox prints goes to its viewer. */
  sandbox(viewer: SandboxViewer): number {
    const number = ++this.#numbers;
    this.#sandboxes.set(number, viewer);
    return number;
  }

  tell(message: Exclude<ToReviewer, Request>): void {
    this.#port?.post(message);
    if (message.kind !== "sandbox-close") return;
    this.#sandboxes.delete(message.sandbox);
    this.#rest();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const port = this.#port;
    this.#port = undefined;
    await port?.terminate();
    this.#abandon("The server is stopping.");
  }

  #running(): ReplayPort {
    clearTimeout(this.#idle);
    if (this.#port) return this.#port;
    const port = this.#spawn();
    this.#port = port;
    port.onMessage((data) => this.#take(FromReviewer.parse(data)));
    port.onExit((reason) => {
      if (this.#port !== port) return;
      this.#port = undefined;
      this.#abandon(`The replay ended: ${reason}.`);
    });
    return port;
  }

  #take(message: FromReviewer): void {
    if (message.kind === "sandbox-output") return this.#sandboxes.get(message.sandbox)?.output(message.bytes);
    if (message.kind === "sandbox-ended") return this.#sandboxes.get(message.sandbox)?.ended(message.status);
    if (message.request === undefined) return;
    this.#waiting.get(message.request)?.resolve(message);
    this.#waiting.delete(message.request);
    this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#port && this.#waiting.size === 0 && this.#sandboxes.size === 0)
      this.#idle = setTimeout(() => void this.stop(), IDLE).unref();
  }

  #abandon(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(failed(reason));
    this.#waiting.clear();
    for (const viewer of this.#sandboxes.values()) viewer.lost();
    this.#sandboxes.clear();
  }
}

function failed(reason: string): UserError {
  const help = "Recordings, comments and points are safe. Try again.";
  return new UserError("replay-failed", `The attempt could not be played again. ${reason}`, help);
}
