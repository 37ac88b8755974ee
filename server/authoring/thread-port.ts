import { Worker } from "node:worker_threads";
import type { AuthoringAnswer } from "../sessions/protocol/index.ts";
import type { AuthoringThread } from "./hands.ts";

/** A worker thread that runs the module at `url`. A draft that fills its heap ends it, and not the server. */
export function authoringThread(url: URL): AuthoringThread {
  const worker = new Worker(url, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
  let reason: string | undefined;
  // Without a listener the error would end the server.
  worker.on("error", (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  return {
    post: (order) => worker.postMessage(order, []),
    onAnswer: (listener) => void worker.on("message", (answer: AuthoringAnswer) => listener(answer)),
    onExit: (listener) => void worker.on("exit", (code) => listener(reason ?? `it ended with code ${code}`)),
    terminate: () => void worker.terminate(),
  };
}
