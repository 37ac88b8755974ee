import type { Process } from "../../sim/host/index.ts";
import type { Engine } from "../../sim/docker/index.ts";
import type { Flags, ValuesOf } from "../kubectl/cobra/flag.ts";

/** One call of a command, after its flags were read. */
export interface Call<F extends Flags = Flags> {
  readonly process: Process;
  /** The daemon, which answers. */
  readonly engine: Engine;
  readonly flags: ValuesOf<F>;
  readonly given: ReadonlySet<string>;
  readonly args: readonly string[];
  /** `docker network create` */
  readonly path: string;
}

/** A command of docker. What the daemon refuses is thrown as `Fatal`. */
export interface Command {
  readonly name: string;
  /** Behind the name: `[OPTIONS] NETWORK`. */
  readonly use: string;
  readonly summary: string;
  readonly aliases?: readonly string[];
  readonly flags: Flags;
  /** What is said before anything else, to standard error. */
  readonly before?: string;
  /** How many arguments it takes. */
  readonly arguments: readonly [least: number, most: number];
  /** False: what stands behind the first argument is another program's. */
  readonly interspersed?: false;
  run(call: Call): Promise<number | void>;
}

/** A command that only groups others: `docker network`. */
export interface Group {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}

/** A command with its types inferred from its table of flags. */
export function command<const F extends Flags>(
  definition: Omit<Command, "flags" | "run"> & { readonly flags: F; run(call: Call<F>): Promise<number | void> },
): Command {
  return definition;
}

/** The client gives up: prints this and exits. */
export class Fatal extends Error {
  readonly code: number;

  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

/** What the daemon answers, or its refusal in the client's words. */
export function answered<T extends object>(
  answer: T | { readonly error: string },
  isRefused: (value: object) => boolean,
): T {
  if (isRefused(answer)) throw new Fatal(daemonSays((answer as { error: string }).error));
  return answer as T;
}

export function daemonSays(error: string): string {
  return `Error response from daemon: ${error}`;
}

/** Does something for each argument; what fails is told and the rest goes on. The exit code. */
export async function forEach(
  process: Process,
  args: readonly string[],
  act: (arg: string) => Promise<string | undefined> | string | undefined,
): Promise<number> {
  let failed = 0;
  for (const arg of args) {
    const problem = await act(arg);
    if (problem === undefined) await process.print(`${arg}\n`);
    else {
      failed = 1;
      await process.error(`${problem}\n`);
    }
  }
  return failed;
}
