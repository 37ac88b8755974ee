import type { ToWorker } from "../protocol/index.ts";

/** A worker, as the pool sees it. */
export interface WorkerPort {
  post(message: ToWorker): void;
  /** Messages in the order in which they were sent. They come from another thread and are not trusted to be well-formed. */
  onMessage(listener: (message: unknown) => void): void;
  /** The worker is gone, with the reason in words: called once, also after `terminate`. */
  onExit(listener: (reason: string) => void): void;
  /** Ends it whatever it is doing. */
  terminate(): void;
}

export type Spawn = () => WorkerPort;
