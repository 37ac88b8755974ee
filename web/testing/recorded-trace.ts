import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PacketTrace } from "../../grader/trace.ts";

/** A recorded trace (server/commands/labs/record-reports.ts), for tests. */
export function recordedTrace(name: string): PacketTrace {
  const file = join(import.meta.dirname, `fixtures/traces/${name}.json`);
  return PacketTrace.parse(JSON.parse(readFileSync(file, "utf8")));
}
