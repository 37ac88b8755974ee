import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import type { Invocation } from "./invocation.ts";

export function* runInteractive(shell: Shell, invocation: Invocation): Steps<number> {
  void invocation;
  return shell.lastStatus;
}
