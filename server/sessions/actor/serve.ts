import { parentPort, workerData } from "node:worker_threads";
import { Actor } from "./actor.ts";
import { Library, type LibraryFolders } from "./library.ts";
import { reportBug } from "./report-bug.ts";

/** Connects this worker thread's sessions with the main thread. */
export function serve(): void {
  const port = parentPort;
  if (!port) throw new Error("sessions run in a worker thread");
  const folders = (workerData ?? {}) as LibraryFolders;
  const actor = new Actor({ post: (message) => port.postMessage(message) }, { library: new Library(folders) });
  // A bug in one session's programs is not the end of the others.
  const survive = (error: unknown): void => {
    reportBug("worker", error);
    port.postMessage({ kind: "error", code: "internal", message: `Something in Drydock failed: ${String(error)}` });
  };
  process.on("uncaughtException", survive);
  process.on("unhandledRejection", survive);
  port.on("message", (data) => actor.receive(data));
  void actor.warmUp();
}
