import {
  attempt,
  Errno,
  readAll,
  readExecutable,
  type OpenFile,
  type Process,
  type Program,
} from "../../sim/host/index.ts";
import { zoneOf } from "../gnu/strftime.ts";
import { keyboard } from "../less/pager.ts";
import { viArguments, type ViArguments } from "./arguments.ts";
import { Editor, type Answer, type Want } from "./editor.ts";
import { parse } from "./files.ts";
import { frame } from "./frame.ts";
import { hostDisk } from "./host-disk.ts";
import { edit, HOOKS } from "./main.ts";
import { Screen } from "./screen.ts";
import { runShell } from "./shell-out.ts";
import { Terminal } from "./terminal.ts";
import { readVimrc } from "./vimrc.ts";

const MODES = {
  enter: "\x1b[?1049h\x1b[22;0;0t\x1b[?1h\x1b=\x1b[?2004h\x1b[H\x1b[2J",
  leave: "\x1b[?2004l\x1b[?1l\x1b>\x1b[?1049l\x1b[23;0;0t",
};

/** vim 9.1 as vi: text without colours of syntax, one window, no plugins and no swap files. */
export const vi: Program = {
  name: "vi",
  summary: "Vi IMproved, a programmer's text editor",
  async run(process, args) {
    const name = (process.argv[0] ?? "vi").replace(/.*\//, "");
    if (/^(?:vimdiff|vimtutor|ex|rvim|rview|evim|view.+)$/.test(name)) return notSimulated(process, name, name);
    const given = viArguments(args);
    if ("not" in given) return notSimulated(process, name, given.not);
    if ("problem" in given) {
      await process.error(
        `VIM - Vi IMproved 9.1 (2024 Jan 02, compiled Apr 01 2024 08:38:51)\n${given.problem}\nMore info with: "vim -h"\n`,
      );
      return 1;
    }
    return run(process, given, name === "view");
  },
};

async function notSimulated(process: Process, name: string, what: string): Promise<number> {
  await process.error(`drydock: ${name}: '${what}' is not simulated\n`);
  return 64;
}

/** Called as a part of busybox: its file is that binary. */
function isBusybox(process: Process): boolean {
  const file = attempt(() => readExecutable(process.host.files.read(process.row.exe)));
  return !(file instanceof Errno) && file.kind === "program" && file.name === "busybox";
}

async function run(process: Process, given: ViArguments, view: boolean): Promise<number> {
  // Without a terminal of its own, as through `ssh` without -t, it only says so.
  const controlled = process.row.tty !== undefined;
  if (!process.isTty(1) || !controlled) await process.error("Vim: Warning: Output is not to a terminal\n");
  if ((!process.isTty(0) || !controlled) && !given.stdin)
    await process.error("Vim: Warning: Input is not from a terminal\n");
  let text: readonly string[] | undefined;
  let source: OpenFile | undefined = process.fds.find(0);
  if (given.stdin) {
    if (source && process.isTty(1)) await process.error("Vim: Reading from stdin...\n\n");
    const bytes = source ? await readAll(process, source, process.kernel.limits.fileSize) : "";
    if (bytes === undefined) throw new Errno("EFBIG");
    text = parse(undefined, bytes).lines;
    source = keyboard(process);
  }
  if (!source) throw new Errno("EBADF");
  const terminal = new Terminal(process, source, MODES);
  const editor = new Editor(hostDisk(process), () => process.kernel.now, terminal.rows, terminal.cols, HOOKS);
  editor.zone = zoneOf(process.env["TZ"]);
  editor.shell = process.env["SHELL"] || "/bin/sh";
  editor.viewOnly = view || given.readonly;
  editor.args = [...given.files];
  if (isBusybox(process)) {
    editor.flavour = "busybox";
    editor.options.set("showmode", false);
    editor.options.set("joinspaces", false);
  } else readVimrc(editor, process.env["HOME"] ?? "", given.vimrc);
  await terminal.enter();
  const start = { commands: given.commands, ...(text ? { text } : {}) };
  return new Session(terminal, editor).run(edit(editor, start));
}

/** Carries keys from the terminal to the editor, and what it looks like back. */
class Session {
  readonly #terminal: Terminal;
  readonly #editor: Editor;
  readonly #screen = new Screen();
  #below = false;

  constructor(terminal: Terminal, editor: Editor) {
    this.#terminal = terminal;
    this.#editor = editor;
  }

  async run(steps: Generator<Want, number, Answer>): Promise<number> {
    let next = steps.next();
    while (!next.done) {
      const answer = await this.#answer(next.value);
      if (!answer) return this.#die();
      next = steps.next(answer);
    }
    const { rows } = this.#terminal;
    await this.#terminal.print(`\x1b[${rows};1H\x1b[K`);
    await this.#terminal.leave();
    return next.value;
  }

  async #answer(want: Want): Promise<Answer | undefined> {
    if (want.kind === "suspend") {
      await this.#terminal.suspend();
      this.#resize();
      return {};
    }
    if (want.kind === "shell") return this.#shell(want.command, want.input);
    for (;;) {
      const key = await this.#terminal.key(() => this.#draw());
      if (key === "end") return undefined;
      if (key !== "resize") return key;
      this.#resize();
    }
  }

  #resize(): void {
    const { view } = this.#editor;
    view.rows = this.#terminal.rows;
    view.cols = this.#terminal.cols;
    this.#editor.view.follow();
    this.#screen.forget();
  }

  async #draw(): Promise<void> {
    const editor = this.#editor;
    if (editor.pressEnter !== undefined) return;
    // Back from a command that wrote to the terminal.
    if (this.#below) await this.#terminal.enter();
    this.#below = false;
    if (editor.redraw) this.#screen.forget();
    editor.redraw = false;
    const { rows, cursor } = frame(editor);
    await this.#terminal.print(this.#screen.update(rows, cursor));
  }

  /** A command on the terminal runs on the screen that was there before vi. */
  async #shell(command: string, input: string | undefined): Promise<Answer> {
    const { process } = this.#terminal;
    if (input !== undefined) return runShell(process, this.#editor.shell, command, input);
    await this.#terminal.leave();
    if (this.#editor.buffer.modified) await process.print("[No write since last change]\n");
    const { code } = await runShell(process, this.#editor.shell, command, undefined);
    const failed = code === 0 ? "" : `\r\nshell returned ${code}\r\n`;
    await process.print(`${failed}\r\nPress ENTER or type command to continue`);
    this.#terminal.takeOver();
    this.#below = true;
    this.#screen.forget();
    return { code };
  }

  /** The terminal is gone, or a signal ends it. */
  async #die(): Promise<number> {
    const { deadly } = this.#terminal;
    const rows = this.#terminal.rows;
    if (deadly !== "SIGHUP") await this.#terminal.print(`\x1b[${rows};1H`);
    await this.#terminal.leave();
    if (deadly === "SIGTERM")
      await this.#terminal.process.error("Vim: Caught deadly signal TERM\r\n\nVim: Finished.\r\n");
    else if (!deadly) await this.#terminal.process.error("Vim: Error reading input, exiting...\r\nVim: Finished.\r\n");
    return 1;
  }
}
