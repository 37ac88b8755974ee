import { Worker } from "node:worker_threads";
import type { AuthoringAnswer } from "../sessions/protocol/index.ts";
import type { AuthoringThread } from "./hands.ts";

/** A worker thread that runs the module at `url`. A draft that fills its heap ends it, and not the server. */
export function authoringThread(url: URL): AuthoringThread {
  const worker = new Worker(url, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
  let reason: string | undefined;
  let answered: (answer: AuthoringAnswer) => void = () => {};
  let exited: (reason: string) => void = () => {};
  worker.on("message", (answer: AuthoringAnswer) => answered(answer));
  worker.on("exit", (code) => exited(reason ?? `it ended with code ${code}`));
  // Without a listener the error would end the server.
  worker.on("error", (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  return {
    post: (order) => worker.postMessage(order, []),
    onAnswer: (listener) => void (answered = listener),
    onExit: (listener) => void (exited = listener),
    terminate: () => void worker.terminate(),
  };
}
