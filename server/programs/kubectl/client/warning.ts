import type { Process } from "../../../sim/host/index.ts";

/** Prints a warning, yellow on a terminal that takes colours (client-go rest/warnings.go, kubectl pkg/util/term). */
export async function warn(process: Process, text: string): Promise<void> {
  const colours = process.isTty(2) && process.env["TERM"] !== "dumb" && process.env["NO_COLOR"] === undefined;
  await process.error(`${colours ? "\x1b[33;1mWarning:\x1b[0m" : "Warning:"} ${text}\n`);
}
