import { exitCode, FdTable, MemoryInput, MemoryOutput, spawnChild, type Process } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";

/** Runs a command of the shell; with `input` its output is kept, else it has the terminal. */
export async function runShell(
  process: Process,
  shell: string,
  command: string,
  input: Bytes | undefined,
): Promise<{ output: Bytes; code: number }> {
  // prettier-ignore
  const output = new MemoryOutput(process.kernel.limits.memory);
  const fds =
    input === undefined
      ? process.fds.copy()
      : new FdTable([
          [0, new MemoryInput(input)],
          [1, output],
          [2, output],
        ]);
  const pid = spawnChild(process, { path: shell, argv: [shell, "-c", command], fds });
  for (;;) {
    const { change, status } = await process.wait([pid]);
    if (change === "exited") return { output: output.take(), code: exitCode(status!) };
  }
}
