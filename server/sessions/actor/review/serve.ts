import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { Library, type LibraryFolders } from "../library.ts";
import { reportBug } from "../report-bug.ts";
import { Reviewer } from "./reviewer.ts";

/** Behind the sessions of learners, but not so far that a reviewer waits long on a busy machine: of 0 to 19. */
const NICE = 4;

/** Connects this worker thread's reviewer with the main thread. */
export function serve(): void {
  const port = parentPort;
  if (!port) throw new Error("reviews run in a worker thread");
  stepBack();
  const folders = (workerData ?? {}) as LibraryFolders;
  const reviewer = new Reviewer((message) => port.postMessage(message), new Library(folders));
  process.on("uncaughtException", (error) => reportBug("review", error));
  process.on("unhandledRejection", (error) => reportBug("review", error));
  port.on("message", (data) => reviewer.receive(data));
}

/** On Linux a thread has a priority of its own, by its number; elsewhere all threads are alike. */
function stepBack(): void {
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    if (thread > 0) setPriority(thread, NICE);
  } catch {
    // It works without.
  }
}
