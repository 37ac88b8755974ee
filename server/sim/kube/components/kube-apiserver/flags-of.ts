import type { DaemonProcess } from "../../../host/index.ts";
import { isFlagProblem, parseFlags, type Flags } from "../go-flags.ts";
import { FLAGS } from "./flags.ts";

/** The flags of a kube-apiserver that runs, and so has none that it does not know. */
export function flagsOf(self: DaemonProcess): Flags | undefined {
  const flags = parseFlags(self.argv.slice(1), FLAGS);
  return isFlagProblem(flags) ? undefined : flags;
}
