import type { Process } from "../../../sim/host/index.ts";
import type { Given } from "./given.ts";

/** A flag as pflag knows it. */
export interface CobraFlag {
  readonly name: string;
  readonly short?: string;
  /** As `--help` names the value; a bool takes none. */
  readonly type: "string" | "bool" | "int32" | "uint" | "strings" | "duration" | "Level";
  /** As `--help` shows it, quotes included. */
  readonly byDefault?: string;
  readonly usage: string;
  /** What is said of it when it is given; it is not in `--help`. */
  readonly deprecated?: string;
  /** False: the real program has it, ours says that it does not. */
  readonly simulated?: false;
}

/** A command of a tree, as cobra's: what it is called, and what it does. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly short: string;
  readonly long?: string;
  /** Indented by two blanks. */
  readonly example?: string;
  readonly flags: readonly CobraFlag[];
  readonly commands?: readonly Command[];
  /** What it does if no subcommand is named; missing where only its subcommands can be run. */
  readonly run?: (call: Call) => Promise<void>;
  /** Words behind its name that are no flags; without it there may be none. */
  readonly operands?: (words: readonly string[]) => string | undefined;
}

/** A command that was typed, with its flags. */
export interface Call {
  readonly process: Process;
  readonly command: Command;
  /** `kubeadm init phase addon`. */
  readonly path: string;
  readonly given: Given;
}
