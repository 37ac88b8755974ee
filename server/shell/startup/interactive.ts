import { decode } from "../../sim/kernel/index.ts";
import { LineEditor, noteSize } from "../editor/line-editor.ts";
import { expandHistory } from "../history/expansion.ts";
import { joinLines } from "../history/joining.ts";
import { readUntil } from "../interpreter/read-line.ts";
import type { Shell } from "../interpreter/shell.ts";
import { Interrupt, Trapped } from "../interpreter/signals.ts";
import type { Steps } from "../interpreter/steps.ts";
import { runUnit, tellFault } from "../interpreter/text.ts";
import { Discard, Exit } from "../interpreter/unwinding.ts";
import { parse, type Parsed } from "../syntax/index.ts";
import { IndexedArray } from "../variables/index.ts";
import { runLogoutFile, runStartupFiles } from "./files.ts";
import type { Invocation } from "./invocation.ts";
import { leaveInteractive, takeTerminal } from "./terminal.ts";

/** Reads commands at a prompt until the user has enough. */
export function* runInteractive(shell: Shell, invocation: Invocation): Steps<number> {
  const { tty } = shell.process;
  const giveBack = takeTerminal(shell);
  setInteractiveVariables(shell);
  try {
    yield* runStartupFiles(shell, invocation);
    const path = shell.variables.get("HISTFILE");
    if (path && shell.history.enabled) shell.history.read(shell, path);
    return yield* untilLogout(shell);
  } finally {
    leaveInteractive(shell, tty?.isHungUp === true);
    giveBack();
  }
}

/** A login shell runs ~/.bash_logout whether it is left with `exit` or with the end of the input. */
function* untilLogout(shell: Shell): Steps<number> {
  try {
    const status = yield* new Reader(shell).run();
    yield* runLogoutFile(shell);
    return status;
  } catch (error) {
    if (error instanceof Exit) yield* runLogoutFile(shell);
    throw error;
  }
}

function setInteractiveVariables(shell: Shell): void {
  const { variables, options, dialect } = shell;
  const unlessSet = (name: string, value: string): void => {
    if (variables.get(name) === undefined) variables.put(name, value);
  };
  unlessSet("PS1", dialect.name === "bash" ? dialect.prompt : shell.process.uid === 0 ? "# " : "$ ");
  unlessSet("PS2", "> ");
  const { tty } = shell.process;
  if (tty) noteSize(shell, tty);
  if (dialect.name !== "bash") return;
  for (const name of ["histexpand", "history", "emacs"] as const) options.set(name, true);
  shell.history.enabled = true;
  const home = variables.get("HOME") ?? shell.host.users.byUid(shell.process.uid)?.home ?? "";
  unlessSet("HISTFILE", `${home}/.bash_history`);
  unlessSet("HISTSIZE", "500");
  unlessSet("HISTFILESIZE", variables.get("HISTSIZE")!);
  unlessSet("MAILCHECK", "60");
}

type Read = { readonly type: "line"; readonly text: string } | { readonly type: "end" } | { readonly type: "too long" };

/** What reading a line costs, so that many of them in a row leave others their turn. */
const LINE = 20;
/** A command that has become so long takes time to be read anew. */
const LONG = 4096;
const PARSED_PER_MICROSECOND = 10;

class Reader {
  readonly #shell: Shell;
  readonly #editor: LineEditor | undefined;
  /** Lines that were entered at once, as a paste, and not used yet; the next one is the last here. */
  #entered: string[] = [];
  #line = 1;
  #ends = 0;
  /** Wants to know how the command that runs has ended. */
  #ended: ((status: number) => void) | undefined;

  constructor(shell: Shell) {
    this.#shell = shell;
    const file = shell.process.fds.find(0);
    this.#editor = file?.tty ? new LineEditor(shell, file.tty, file) : undefined;
  }

  *run(): Steps<number> {
    const shell = this.#shell;
    for (;;) {
      try {
        if (!(yield* this.#turn())) return shell.lastStatus;
      } catch (error) {
        if (error instanceof Interrupt || error instanceof Trapped) shell.writeError("\n");
        if (error instanceof Discard) {
          shell.lastStatus = error.status;
          shell.pipeStatus = undefined;
        } else if (error instanceof Trapped) shell.lastStatus = error.status;
        else {
          // `exit` has ended, with what it gave.
          if (error instanceof Exit) this.#ended?.(error.status);
          throw error;
        }
      }
      this.#ended?.(shell.lastStatus);
      this.#ended = undefined;
      shell.continuing = false;
      shell.jump = undefined;
      shell.loops = 0;
      shell.unchecked = 0;
      shell.mayReplace = false;
    }
  }

  /** One command. False if the shell ends. */
  *#turn(): Steps<boolean> {
    const shell = this.#shell;
    shell.jobs.notify();
    yield* this.#promptCommand();
    for (const written of shell.takeWritten()) yield written;
    const read = yield* this.#readCommand();
    if (read === "end") return this.#end();
    this.#ends = 0;
    if (read === undefined) return true;
    const { text, parsed } = read;
    if (parsed.units.length > 0)
      this.#ended = shell.host.hosts.onCommand?.({
        host: shell.host.name,
        tty: shell.process.tty,
        text: text.trimEnd(),
      });
    const ps0 = shell.variables.get("PS0");
    if (ps0) shell.writeError(yield* shell.decodePrompt(ps0));
    shell.commandNumber++;
    const origin = { name: undefined, line: this.#line };
    const line = this.#line;
    this.#line += text.split("\n").length - 1;
    for (const unit of parsed.units) {
      shell.line = line;
      if (!(yield* runUnit(shell, unit, origin))) return true;
      shell.jump = undefined;
    }
    if (parsed.fault) tellFault(shell, parsed.fault, origin);
    return true;
  }

  *#promptCommand(): Steps<void> {
    const shell = this.#shell;
    const data = shell.variables.data("PROMPT_COMMAND");
    const commands = data instanceof IndexedArray ? data.values() : typeof data === "string" ? [data] : [];
    const { lastStatus, pipeStatus, lastArgument } = shell;
    for (const text of commands) {
      if (text === "") continue;
      yield* shell.interpreter.text(shell, text, { name: "PROMPT_COMMAND", line: this.#line });
      shell.lastStatus = lastStatus;
      shell.pipeStatus = pipeStatus;
      shell.lastArgument = lastArgument;
    }
  }

  /** Reads lines until they are a whole command. Undefined: there is nothing to run. */
  *#readCommand(): Steps<{ text: string; parsed: Parsed } | "end" | undefined> {
    const shell = this.#shell;
    const { commandLine, editedLine } = shell.kernel.limits;
    const lines: string[] = [];
    let length = 0;
    let wants: string | undefined;
    for (;;) {
      shell.continuing = lines.length > 0;
      const read = yield* this.#readLine(lines.length > 0 ? "PS2" : "PS1");
      if (read.type === "too long") return this.#refuse(this.#editor ? editedLine : commandLine);
      if (read.type === "end") {
        shell.continuing = false;
        if (lines.length === 0) return "end";
        const parsed = this.#parse(lines);
        this.#remember(lines);
        return { text: `${lines.join("\n")}\n`, parsed };
      }
      const line = this.#expandHistory(read.text);
      if (line === undefined) return undefined;
      lines.push(line);
      length += line.length;
      if (length > commandLine) return this.#refuse(commandLine);
      // Long here-documents and strings are not read anew with each of their lines.
      if (wants !== undefined && !line.includes(wants)) continue;
      if (length > LONG && shell.process.spend(length / PARSED_PER_MICROSECOND)) yield shell.process.pause();
      const parsed = this.#parse(lines);
      wants = parsed.wants;
      if (parsed.incomplete) continue;
      shell.continuing = false;
      this.#remember(lines);
      return { text: `${lines.join("\n")}\n`, parsed };
    }
  }

  #parse(lines: readonly string[]): Parsed {
    const extglob = this.#shell.options.shopt("extglob");
    return parse(`${lines.join("\n")}\n`, { line: this.#line, extglob });
  }

  #refuse(limit: number): undefined {
    this.#shell.writeError(`drydock: ${this.#shell.dialect.name}: a command of more than ${limit} bytes is not read\n`);
    this.#shell.lastStatus = 1;
    return undefined;
  }

  *#readLine(which: "PS1" | "PS2"): Steps<Read> {
    const entered = this.#entered.pop();
    if (entered !== undefined) return { type: "line", text: entered };
    if (this.#shell.process.spend(LINE)) yield this.#shell.process.pause();
    const read = yield* this.#prompt(which);
    if (read.type !== "line") return read;
    const [text, ...others] = read.text.split("\n");
    if (others.at(-1) === "") others.pop();
    this.#entered = others.reverse();
    return { type: "line", text: text! };
  }

  *#prompt(which: "PS1" | "PS2"): Steps<Read> {
    const shell = this.#shell;
    const prompt = yield* shell.decodePrompt(shell.variables.get(which) ?? "");
    const waiting = (isWaiting: boolean): void => {
      shell.process.prompting = isWaiting && which === "PS1";
    };
    if (this.#editor) return yield* this.#editor.read(prompt, waiting);
    shell.writeError(prompt.replace(/[\x01\x02]/g, ""));
    const file = shell.process.fds.find(0);
    if (!file) return { type: "end" };
    const { bytes, end } = yield* readUntil(shell, file, "\n");
    if (end === "full") return { type: "too long" };
    return end === "eof" && bytes === "" ? { type: "end" } : { type: "line", text: decode(bytes) };
  }

  /** `!!` and its like; what a line became is shown. Undefined: it is not to be run. */
  #expandHistory(line: string): string | undefined {
    const shell = this.#shell;
    if (!shell.options.has("histexpand") || shell.dialect.name !== "bash") return line;
    const expanded = expandHistory(shell, line);
    if (expanded.type === "unchanged") return line;
    if (expanded.type === "failed") {
      shell.writeError(`${shell.messageName}: ${expanded.complaint}\n`);
      return undefined;
    }
    shell.writeError(`${expanded.text}\n`);
    if (expanded.type === "expanded") return expanded.text;
    this.#remember([expanded.text]);
    return undefined;
  }

  #remember(lines: readonly string[]): void {
    const shell = this.#shell;
    if (!shell.options.has("history")) return;
    if (!shell.options.shopt("cmdhist")) for (const line of lines) shell.history.remember(shell, line);
    else shell.history.remember(shell, shell.options.shopt("lithist") ? lines.join("\n") : joinLines(lines));
  }

  /** Ctrl-D at the prompt. False if the shell ends. */
  #end(): boolean {
    const shell = this.#shell;
    const ignore = shell.variables.get("IGNOREEOF");
    const limit = shell.options.has("ignoreeof") || ignore !== undefined ? Number(ignore ?? 10) || 10 : 0;
    if (this.#ends++ < limit && !shell.process.tty?.isHungUp) {
      shell.writeError(`Use "${shell.start.login ? "logout" : "exit"}" to leave the shell.\n`);
      return true;
    }
    if (shell.dialect.name === "bash") shell.writeError(shell.start.login ? "logout\n" : "exit\n");
    const { lastBuiltin } = shell;
    const stays = !shell.process.tty?.isHungUp && shell.jobs.holdsExit();
    shell.lastBuiltin = stays ? "exit" : lastBuiltin;
    return stays;
  }
}
