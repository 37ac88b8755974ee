import {
  Errno,
  exitCode,
  FdTable,
  MemoryInput,
  MemoryOutput,
  spawnChild,
  type OpenFile,
  type Process,
} from "../../sim/host/index.ts";
import { decode, encode } from "../../sim/kernel/index.ts";
import { findCommand, type Environment } from "../gnu/execute.ts";

/** What a program has printed, and how it ended. */
export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaptureOptions {
  readonly env?: Environment;
  /** What it reads; `inherit` leaves it the caller's own. Nothing unless said otherwise. */
  readonly stdin?: "inherit" | "nothing";
  /** `inherit`: its errors go where the caller's go. */
  readonly stderr?: "inherit" | "captured";
}

/** Runs a program as Go's os/exec does, by PATH unless its name has a slash; the Errno if it cannot be started. */
export async function runCaptured(
  process: Process,
  words: readonly string[],
  { env = process.env, stdin = "nothing", stderr = "captured" }: CaptureOptions = {},
): Promise<Captured | Errno> {
  const found = findCommand(process, [...words]);
  if (found instanceof Errno) return found;
  const out = new MemoryOutput(process.kernel.limits.memory);
  const errors = new MemoryOutput(process.kernel.limits.memory);
  const own = (fd: number): OpenFile | undefined => process.fds.find(fd);
  const fds = new FdTable();
  fds.set(0, (stdin === "inherit" ? own(0) : undefined) ?? new MemoryInput(encode("")));
  fds.set(1, out);
  fds.set(2, (stderr === "inherit" ? own(2) : undefined) ?? errors);
  const child = spawnChild(process, { ...found, fds, env });
  for (;;) {
    const { change, status } = await process.wait([child]);
    if (change === "exited")
      return { code: exitCode(status!), stdout: decode(out.take()), stderr: decode(errors.take()) };
  }
}
