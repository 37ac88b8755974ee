import { parentPort, workerData } from "node:worker_threads";
import { Actor } from "./actor.ts";
import { Library, type LibraryFolders } from "./library.ts";
import { PresetSnapshots } from "./preset-snapshots.ts";
import { reportBug } from "./report-bug.ts";

/** What a worker is told when it starts. */
interface WorkerData extends LibraryFolders {
  /** Folder in which booted worlds are kept for the next worker. */
  readonly presets?: string;
}

/** Connects this worker thread's sessions with the main thread. */
export function serve(): void {
  const port = parentPort;
  if (!port) throw new Error("sessions run in a worker thread");
  const { presets, ...folders } = (workerData ?? {}) as WorkerData;
  const snapshots = presets === undefined ? undefined : new PresetSnapshots(presets);
  const library = new Library(folders);
  const actor = new Actor({ post: (message) => port.postMessage(message) }, { library, snapshots });
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
