import type { Process } from "../../sim/host/index.ts";
import type { Shell } from "../interpreter/shell.ts";

/** The shells that run as programs, by their process. */
export const shells = new WeakMap<Process, Shell>();

/** What others may ask of a shell. */
export interface ShellView {
  /** `$?` */
  readonly lastStatus: number;
  /** It waits for the rest of a command: an open quote, a here-document (prompt PS2). */
  readonly continuing: boolean;
}

/** The shell that a process runs; undefined if it is none. */
export function shellOf(process: Process): ShellView | undefined {
  return shells.get(process);
}
