import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";

/** Shows a command before it runs, as `set -x` asks for: PS4, its first character once for every level of substitution. */
export function* trace(shell: Shell, text: string): Steps<void> {
  const { lastStatus } = shell;
  shell.options.set("xtrace", false);
  const prompt = yield* shell.decodePrompt(shell.variables.get("PS4") ?? "");
  shell.options.set("xtrace", true);
  shell.lastStatus = lastStatus;
  const [first = "", ...rest] = prompt;
  shell.writeError(`${first.repeat(shell.traceLevel + 1)}${rest.join("")}${text}\n`);
}
