import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";
import { Exit } from "./unwinding.ts";

/** A command has ended: if it failed and nobody looks at that, the ERR trap runs, and `set -e` ends the shell. */
export function* checkFailure(shell: Shell, status: number): Steps<number> {
  if (status === 0 || shell.unchecked > 0 || shell.jump) return status;
  shell.lastStatus = status;
  if (shell.signals.get("ERR")) yield* shell.signals.run("ERR");
  if (shell.options.has("errexit")) throw new Exit(status);
  return status;
}
