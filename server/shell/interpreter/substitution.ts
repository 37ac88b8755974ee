import { Errno, exitCode, open, readAll } from "../../sim/host/index.ts";
import { decode, type Bytes } from "../../sim/kernel/index.ts";
import { expandText } from "../expansion/expand.ts";
import type { Redirect, Script } from "../syntax/index.ts";
import { Capture } from "./capture.ts";
import { forkShell, roomToFork } from "./fork.ts";
import type { Substitution } from "./interpreter.ts";
import { refuse } from "./refusals.ts";
import type { Shell } from "./shell.ts";
import { wait, type Steps } from "./steps.ts";

/** Command and process substitution. */
export class Substitutions implements Substitution {
  readonly #shell: Shell;
  /** Descriptors of process substitutions that the running commands use. */
  readonly #open: number[] = [];

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  copy(shell: Shell): Substitution {
    return new Substitutions(shell);
  }

  get count(): number {
    return this.#open.length;
  }

  release(count: number): void {
    const { fds } = this.#shell.process;
    while (this.#open.length > count) {
      const fd = this.#open.pop()!;
      if (fds.find(fd)) fds.close(fd);
    }
  }

  *command(script: Script | string): Steps<string> {
    const shell = this.#shell;
    const redirect = typeof script === "string" ? undefined : fileToRead(script);
    if (redirect) return this.#finish(yield* this.#readFile(redirect), shell.lastStatus);
    const { limits } = shell.kernel;
    yield* roomToFork(shell);
    const capture = new Capture(shell.process.machine.nextInode(), limits.memory);
    const fds = shell.process.fds.copy();
    fds.set(1, capture);
    const child = forkShell(shell, (copy) => runSubstituted(copy, script), { fds, seesJobs: true });
    while (!capture.isClosed)
      yield* shell.signals.during(() => shell.process.block<void>((wake) => capture.whenClosed(() => wake())), false);
    const status = exitCode(yield* shell.jobs.child(child.pid));
    if (shell.signals.pending) yield* shell.signals.handle();
    if (capture.overflowed) shell.complain(`drydock: command substitution: more than ${limits.memory} bytes of output`);
    return this.#finish(capture.take(), status);
  }

  #finish(output: Bytes, status: number): string {
    const shell = this.#shell;
    shell.lastStatus = status;
    shell.substitutionStatus = status;
    let end = output.length;
    while (end > 0 && output[end - 1] === "\n") end--;
    const bytes = end === output.length ? output : output.slice(0, end);
    if (!bytes.includes("\0")) return decode(bytes);
    shell.complain("warning: command substitution: ignored null byte in input");
    return decode(bytes.replaceAll("\0", ""));
  }

  /** `$(<file)` */
  *#readFile(redirect: Redirect): Steps<Bytes> {
    const shell = this.#shell;
    const path = yield* expandText(shell, redirect.target);
    try {
      const file = open(shell.host, path, { read: true }, shell.process).retain();
      const bytes = yield* wait(readAll(shell.process, file, shell.kernel.limits.memory));
      file.drop();
      shell.lastStatus = 0;
      return bytes ?? "";
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      shell.complain(`${path}: ${error.message}`);
      shell.lastStatus = 1;
      return "";
    }
  }

  *process(direction: "<" | ">", script: Script): Steps<string> {
    refuse(this.#shell, "process-substitution", '"(" unexpected');
    const shell = this.#shell;
    yield* roomToFork(shell);
    const { reader, writer } = shell.process.pipe();
    const fds = shell.process.fds.copy();
    const [theirs, ours] = direction === "<" ? [writer, reader] : [reader, writer];
    fds.set(direction === "<" ? 1 : 0, theirs);
    let fd = 63;
    while (shell.process.fds.find(fd)) fd--;
    shell.process.fds.set(fd, ours);
    this.#open.push(fd);
    forkShell(shell, (copy) => runSubstituted(copy, script), { fds });
    return `/dev/fd/${fd}`;
  }
}

function* runSubstituted(shell: Shell, script: Script | string): Steps<number> {
  if (!shell.options.shopt("inherit_errexit") && !shell.options.has("posix")) shell.options.set("errexit", false);
  shell.traceLevel++;
  shell.mayReplace = true;
  if (typeof script === "string")
    return yield* shell.interpreter.text(shell, script, { name: "command substitution", line: 1, last: true });
  let status = 0;
  for (const [at, unit] of script.entries()) {
    shell.mayReplace = at === script.length - 1;
    for (const { line, text } of unit.warnings) shell.warn(line, text);
    status = yield* shell.interpreter.list(shell, unit.list);
    if (shell.jump) break;
  }
  return status;
}

/** The redirection of `$(<file)`, if that is all there is. */
function fileToRead(script: Script): Redirect | undefined {
  const command = script.length === 1 && script[0]!.list.length === 1 ? script[0]!.list[0]!.command : undefined;
  if (command?.type !== "simple" || command.words.length > 0 || command.assignments.length > 0) return undefined;
  const [redirect, ...others] = command.redirects;
  return redirect?.operator === "<" && redirect.fd === undefined && others.length === 0 ? redirect : undefined;
}
