import type { DaemonProcess } from "../../host/index.ts";
import type { FlagProblem } from "./go-flags.ts";
import { klogLine } from "./klog.ts";

/** A line of a component's log, by klog. In its container it is process 1. */
export function log(self: DaemonProcess, severity: "I" | "W" | "E" | "F", source: string, message: string): void {
  self.log(klogLine(severity, self.kernel.now, 1, source, message));
}

/** The component cannot go on: what its main function says, and exit code 1. */
export function commandFailed(self: DaemonProcess, error: string): void {
  log(self, "E", "run.go:72", `"command failed" err=${JSON.stringify(error)}`);
  self.exit(1);
}

/** The command line is refused: cobra's words, or that a flag is not simulated. */
export function refuseFlags(self: DaemonProcess, name: string, problem: FlagProblem, usage: string): void {
  if ("unsimulated" in problem) {
    self.log(`drydock: ${name}: '${problem.unsimulated}' is not simulated`);
    return self.exit(64);
  }
  for (const line of [...usage.split("\n").filter((line) => line !== ""), `Error: ${problem.error}`]) self.log(line);
  self.exit(1);
}

/** The first of the files that flags name and that is not there. */
export function missingFile(self: DaemonProcess, paths: readonly (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined && !self.host.files.exists(path, self));
}
