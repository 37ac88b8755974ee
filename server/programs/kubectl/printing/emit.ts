import type { Process } from "../../../sim/host/index.ts";
import { GoError } from "../errors/go-error.ts";
import type { Failure } from "../output/index.ts";

/** Writes what a printer made; throws why it could not make (all of) it. */
export async function emit(process: Process, printed: string | Failure): Promise<void> {
  if (typeof printed === "string") return process.print(printed);
  if (printed.out !== undefined) await process.print(printed.out);
  throw new GoError(printed.error);
}
