/** The thread of a database: `workerData` is its path. Its first message says whether it is open. */
import { parentPort, workerData } from "node:worker_threads";
import { type Database, failure, openDatabase } from "./database.ts";
import type { FromDatabase, ToDatabase } from "./messages.ts";

const port = parentPort!;
const database = open(String(workerData));

if (database !== undefined)
  port.on("message", (request: ToDatabase) => {
    port.postMessage(database.answer(request));
    if (request.kind === "close") port.close();
  });

function open(path: string): Database | undefined {
  try {
    const opened = openDatabase(path);
    port.postMessage({ kind: "done", rows: [], changes: 0 } satisfies FromDatabase);
    return opened;
  } catch (error) {
    port.postMessage(failure(error));
    return undefined;
  }
}
