import { Worker, type WorkerOptions } from "node:worker_threads";
import type { WorkerPort } from "./port.ts";

/**
 * A worker thread that runs the module at `url`. It has a heap of its own, so that a session which fills it ends its
 * worker and not the server; `options` can set other limits and `workerData`.
 */
export function threadPort(url: URL, options: WorkerOptions = {}): WorkerPort {
  const worker = new Worker(url, { resourceLimits: { maxOldGenerationSizeMb: 2048 }, ...options });
  let reason: string | undefined;
  // Without a listener the error would end the server.
  worker.on("error", (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  return {
    post: (message) => worker.postMessage(message, []),
    onMessage: (listener) => void worker.on("message", listener),
    onExit: (listener) => void worker.on("exit", (code) => listener(reason ?? `it ended with code ${code}`)),
    terminate: () => void worker.terminate(),
  };
}
