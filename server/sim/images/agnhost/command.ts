import type { DaemonProcess, Signal } from "../../host/index.ts";
import type { CobraFlag } from "./cobra.ts";

/** A subcommand of agnhost. */
export interface AgnhostCommand {
  readonly name: string;
  readonly flags: readonly CobraFlag[];
  /** How many arguments it takes; cobra refuses others. */
  readonly args: number;
  start(self: DaemonProcess, values: Readonly<Record<string, string>>, args: readonly string[]): void;
  /** True if it took care of the signal. */
  readonly signal?: (self: DaemonProcess, signal: Signal) => boolean;
}
