import type { Process } from "../../sim/host/index.ts";
import type { Containerd } from "../../sim/kube/kubelet/index.ts";
import type { CliArguments, CliFlag } from "./cli.ts";

/** What a command of crictl gets to work with. */
export interface Call {
  readonly process: Process;
  readonly args: CliArguments;
  /** The runtime and image services; a fatal error if they do not answer. */
  runtime(): Promise<Containerd>;
  images(): Promise<Containerd>;
  /** Shows the command's help and ends it well (ShowSubcommandHelp). */
  help(): Promise<void>;
}

export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly argsUsage?: string;
  readonly description?: string;
  readonly flags: readonly CliFlag[];
  /** Letters may stand in one word: `-aq`. */
  readonly clusters: boolean;
  /** Absent: the real program has it, ours says that it has not. */
  run?(call: Call): Promise<void>;
}

export const OUTPUT: CliFlag = {
  name: "output",
  aliases: ["o"],
  usage: "Output format, One of: json|yaml|go-template|table",
  type: "string",
};
export const QUIET: CliFlag = {
  name: "quiet",
  aliases: ["q"],
  usage: "Do not show verbose information",
  type: "bool",
};
export const TEMPLATE: CliFlag = {
  name: "template",
  usage: "The template string is only used when output is go-template; The Template format is golang template",
  type: "string",
};
