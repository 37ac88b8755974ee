import type { Process } from "../../../sim/host/index.ts";
import type { Failure } from "../output/failure.ts";
import type { Factory } from "../client/factory.ts";
import type { Flags, ValuesOf } from "./flag.ts";
import type { Offer } from "./offer.ts";

/** One call of a command, after its flags were read. */
export interface Invocation<F extends Flags = Flags> {
  readonly process: Process;
  /** `kubectl rollout status` */
  readonly path: string;
  readonly flags: ValuesOf<F>;
  /** The names of the flags that were given. */
  readonly given: ReadonlySet<string>;
  readonly args: readonly string[];
  /** How many arguments stood before `--`; -1 if there was none. */
  readonly dash: number;
  readonly factory: Factory;
  /** The words of the call as pflag puts them: arguments first, then flags in the order in which they were given. */
  commandLine(): string;
}

/**
 * A command of kubectl: what it accepts, and its way from words to deeds. `complete` turns a call into options, `validate`
 * refuses those that make no sense, `run` acts. What a user did wrong is a Failure; what a server refuses is thrown as a
 * GoError and reported in one place (errors/report.ts).
 */
export interface Command<F extends Flags = Flags, O = unknown> {
  /** The usage line without `kubectl` and `[options]`. */
  readonly use: string;
  readonly summary: string;
  /** What help says above all; the summary if there is no more to say. */
  readonly about?: string;
  /** All that help prints, instead of what is made of the rest. */
  readonly help?: string;
  readonly examples?: string;
  readonly aliases?: readonly string[];
  readonly flags: F;
  /** What completion offers for the arguments. */
  readonly arguments?: Offer;
  readonly required?: readonly (keyof F & string)[];
  /** Sets of flags of which only one may be given. */
  readonly exclusive?: readonly (readonly (keyof F & string)[])[];
  readonly subcommands?: readonly Entry[];
  /** The exit code of failures, if it is not 1. */
  readonly failureCode?: number;
  /** What stands below an error of the flags, if it is not `See 'kubectl PATH --help' for usage.`. */
  readonly flagHelp?: string;
  complete(invocation: Invocation<F>): O | Failure | Promise<O | Failure>;
  validate?(options: O, invocation: Invocation<F>): Failure | undefined;
  /** Returns the exit code, nothing for 0. */
  run(options: O, invocation: Invocation<F>): Promise<number | void>;
}

/** A command in the list of its parent: enough to find and to list it; the rest is loaded when it is used. */
export interface Entry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** The heading of the root's help under which it stands. */
  readonly section?: string;
  /** Help does not list it. */
  readonly hidden?: boolean;
  /** It does nothing, and nothing leads to it (the opposite of cobra's IsAvailableCommand). */
  readonly unavailable?: boolean;
  load(): Promise<Command>;
}

/** A command with its types inferred from its table of flags and from what `complete` returns. */
export function command<const F extends Flags, O>(definition: Command<F, O>): Command {
  return definition as unknown as Command;
}

/** A command that only groups others: alone it prints its help and fails. */
export function group(
  definition: Pick<Command, "use" | "summary" | "about" | "examples" | "aliases"> & {
    readonly subcommands: readonly Entry[];
    readonly helpOnError?: boolean;
  },
): Command {
  const { helpOnError, ...rest } = definition;
  return {
    ...rest,
    flags: {},
    complete: ({ args, path }) =>
      args.length > 0 ? { error: `unknown command "${args.join(" ")}"\nSee '${path} -h' for help and examples` } : {},
    async run(_, invocation) {
      await invocation.factory.printHelp(helpOnError);
      return 1;
    },
  };
}

/** A failure that points to the command's help (`cmdutil.UsageErrorf`). */
export function usageError(invocation: Pick<Invocation, "path">, message: string): Failure {
  return { error: `${message}\nSee '${invocation.path} -h' for help and examples` };
}
