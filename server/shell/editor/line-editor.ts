import { decode, incompleteTail, type Bytes } from "../../sim/kernel/index.ts";
import { Errno, READLINE, type OpenFile, type Tty } from "../../sim/host/index.ts";
import { Trapped } from "../interpreter/signals.ts";
import type { Shell } from "../interpreter/shell.ts";
import { wait, type Steps } from "../interpreter/steps.ts";
import { COMMANDS, CUTS } from "./bindings.ts";
import { insertText } from "./changes.ts";
import { nextKey, type Key } from "./keys.ts";
import { KillRing } from "./kill-ring.ts";
import { findCharacter } from "./movement.ts";
import { Screen } from "./screen.ts";
import { IncrementalSearch } from "./search.ts";
import { Session, type Accepted } from "./session.ts";

const PASTE_ON = "\x1b[?2004h";
const PASTE_OFF = "\x1b[?2004l\r";
const PASTE_END = "\x1b[201~";

/** How reading a line ended. */
export type ReadLine = Accepted | { readonly type: "too long" };

/** Reads lines from a terminal with the editing keys of Emacs mode, as readline. */
export class LineEditor {
  readonly #shell: Shell;
  readonly #tty: Tty;
  readonly #file: OpenFile;
  readonly #kills = new KillRing();
  /** Bytes of a character, or keys of a sequence, that is not complete yet. */
  #typed = "";
  #bytes = "";
  #getNext: number | undefined;

  constructor(shell: Shell, tty: Tty, file: OpenFile) {
    this.#shell = shell;
    this.#tty = tty;
    this.#file = file;
  }

  /**
   * Reads a line, of which `initial` stands there already. `waiting` is told while it waits with nothing else to do.
   * Interrupts are thrown through.
   */
  *read(prompt: string, waiting: (isWaiting: boolean) => void, initial = ""): Steps<ReadLine> {
    const modes = this.#tty.termios;
    const screen = new Screen(this.#tty);
    const session = new Session(this.#shell, screen, this.#kills, (ask) => this.#ask(screen, ask));
    this.#tty.termios = { ...READLINE };
    const { signals, options, jobs } = this.#shell;
    signals.onResize = () => this.#resize(session);
    signals.onChild = () => {
      if (options.has("notify")) jobs.notify();
    };
    try {
      noteSize(this.#shell, this.#tty);
      screen.write(PASTE_ON);
      screen.begin(prompt);
      if (this.#getNext !== undefined) session.history.goTo(this.#getNext);
      this.#getNext = undefined;
      if (initial !== "") session.buffer.insert(initial);
      session.show();
      waiting(true);
      const read = yield* this.#readKeys(session);
      this.#getNext = session.getNext;
      return read;
    } finally {
      waiting(false);
      signals.onResize = () => {};
      signals.onChild = () => {};
      this.#tty.termios = modes;
    }
  }

  *#readKeys(session: Session): Steps<ReadLine> {
    const { screen, buffer } = session;
    const state: KeyState = { search: undefined, paste: undefined, pasted: 0, tooLong: false };
    for (;;) {
      yield* this.#flush(screen);
      if (!(yield* this.#fill(screen))) {
        screen.write(PASTE_OFF);
        yield* this.#flush(screen);
        return { type: "end" };
      }
      while (this.#typed !== "" && !session.result) {
        const before = this.#typed.length;
        yield* this.#handle(session, state);
        if (this.#typed.length === before) break;
      }
      if (buffer.text.length > this.#shell.kernel.limits.editedLine) state.tooLong = true;
      if (state.tooLong) buffer.set("");
      // While more has been typed already, nobody sees what is shown.
      if (!state.search && (session.result || !this.#file.readable)) session.show();
      if (!session.result) continue;
      if (session.result.type === "line") {
        session.history.accept();
        session.region = undefined;
        session.show();
        screen.finish();
        screen.write(PASTE_OFF);
      } else screen.write(`${PASTE_OFF}\r\n`);
      yield* this.#flush(screen);
      return state.tooLong ? { type: "too long" } : session.result;
    }
  }

  *#flush(screen: Screen): Steps<void> {
    const bytes = screen.take();
    if (bytes === "" || this.#tty.isHungUp) return;
    const shown = this.#tty.show(bytes);
    if (shown) yield* wait(this.#shell.process.block<void>((wake) => void shown.then(wake)));
  }

  /** Reads what was typed, but nothing behind the end of a line: that is for the command. False at the end. */
  *#fill(screen: Screen): Steps<boolean> {
    const { process, signals } = this.#shell;
    const leave = (): Steps<void> => this.#leave(screen);
    let chunk: Bytes | undefined;
    while (chunk === undefined) {
      try {
        chunk = yield* signals.during(async () => this.#file.readUntil(process, "\n", 65_536), true, leave);
      } catch (error) {
        // The terminal belongs to others now, or has gone: readline takes that for the end.
        if (error instanceof Errno) return false;
        // Another signal's trap has run: the line goes on.
        if (!(error instanceof Trapped) || error.signal === "SIGINT") throw error;
      }
    }
    if (chunk === "") return false;
    const bytes = this.#bytes + chunk;
    const tail = incompleteTail(bytes);
    this.#bytes = tail > 0 ? bytes.slice(-tail) : "";
    this.#typed += decode(tail > 0 ? bytes.slice(0, -tail) : bytes);
    return true;
  }

  /** A signal has come; Ctrl-C ends the line before its trap runs. */
  *#leave(screen: Screen): Steps<void> {
    if (!this.#shell.signals.interruptPending) return;
    this.#typed = "";
    screen.write("^C");
    screen.toLastRow();
    screen.write(PASTE_OFF);
    yield* this.#flush(screen);
  }

  /** Carries the next key out, if it is complete. */
  *#handle(session: Session, state: KeyState): Steps<void> {
    if (state.paste !== undefined) return this.#paste(session, state);
    if (session.expecting) return this.#expected(session);
    // Escape alone ends a search at once: there it starts no sequence.
    const next: ReturnType<typeof nextKey> =
      state.search && this.#typed === "\x1b"
        ? { key: { type: "command", name: "nothing", keys: "\x1b" }, length: 1 }
        : nextKey(this.#typed);
    if (!next) return;
    this.#typed = this.#typed.slice(next.length);
    session.region = undefined;
    if (state.search) {
      const outcome = state.search.handle(next.key);
      if (outcome === "goes on") return;
      state.search = undefined;
      if (outcome === "over, key taken") return;
    }
    yield* this.#carryOut(session, next.key, state);
  }

  *#carryOut(session: Session, key: Key, state: KeyState): Steps<void> {
    if (key.type === "text") {
      if (!state.tooLong) this.#insertTyped(session, key.text);
      return;
    }
    const { name, keys } = key;
    if (name === "digit-argument") {
      session.argument = (session.argument ?? "") + keys.slice(-1);
      return;
    }
    const count = argumentOf(session.argument);
    if (name === "reverse-search-history" || name === "forward-search-history")
      state.search = new IncrementalSearch(session, name === "reverse-search-history" ? "reverse" : "forward");
    else if (name === "bracketed-paste-begin") state.paste = [];
    else if (name === "quoted-insert") session.expecting = { for: "insert", count };
    else if (name === "character-search") session.expecting = { for: "forward", count };
    else if (name === "character-search-backward") session.expecting = { for: "backward", count };
    else if (name === "delete-char" && session.buffer.text === "" && keys === "\x04") session.result = { type: "end" };
    else {
      this.#kills.joining = session.last !== undefined && CUTS.has(session.last as never);
      const steps = COMMANDS[name]?.(session, count, keys);
      if (steps) yield* steps;
    }
    session.last = name;
    session.argument = undefined;
  }

  #insertTyped(session: Session, text: string): void {
    // Digits go on with a numeric argument.
    if (session.argument !== undefined && /^\d/.test(text) && session.last !== "self-insert") {
      session.argument += text[0]!;
      this.#typed = text.slice(1) + this.#typed;
      return;
    }
    const count = argumentOf(session.argument);
    insertText(session, session.argument === undefined ? text : text[0]!.repeat(count) + text.slice(1));
    session.argument = undefined;
    session.last = "self-insert";
  }

  #expected(session: Session): void {
    const { for: purpose, count } = session.expecting!;
    const char = String.fromCodePoint(this.#typed.codePointAt(0)!);
    this.#typed = this.#typed.slice(char.length);
    session.expecting = undefined;
    if (purpose === "insert") insertText(session, char.repeat(Math.max(1, count)));
    else findCharacter(session, char, purpose, count);
  }

  /** A bracketed paste is inserted as it is, with its newlines, and stands out until the next key. */
  #paste(session: Session, state: KeyState): void {
    const { editedLine } = this.#shell.kernel.limits;
    const paste = state.paste!;
    // Its end may have come in two parts, and is looked for in what is new only.
    const start = paste.pop() ?? "";
    const all = start + this.#typed;
    const end = all.indexOf(PASTE_END);
    if (end < 0) {
      const kept = Math.max(0, all.length - PASTE_END.length);
      paste.push(all.slice(0, kept), all.slice(kept));
      this.#typed = "";
      state.pasted += kept;
      // What is too long anyway is not kept.
      if (state.pasted > editedLine) {
        state.tooLong = true;
        state.paste = [all.slice(kept)];
      }
      return;
    }
    this.#typed = all.slice(end + PASTE_END.length);
    state.paste = undefined;
    state.pasted = 0;
    if (state.tooLong) return;
    const text = (paste.join("") + all.slice(0, end)).replaceAll("\r", "\n");
    session.remember();
    const from = session.buffer.cursor;
    session.buffer.insert(text);
    session.region = { from, to: session.buffer.cursor };
    session.last = undefined;
  }

  #resize({ screen, buffer }: Session): void {
    noteSize(this.#shell, this.#tty);
    screen.resized(buffer.text, buffer.cursor);
    const bytes = screen.take();
    if (!this.#tty.isHungUp) void this.#tty.show(bytes);
  }

  /** Waits for a key that answers a question. */
  *#ask(screen: Screen, answer: (key: string) => string | undefined): Steps<string | undefined> {
    for (;;) {
      yield* this.#flush(screen);
      if (this.#typed === "" && !(yield* this.#fill(screen))) return undefined;
      const key = this.#typed[0];
      this.#typed = this.#typed.slice(1);
      const answered = key === undefined ? undefined : answer(key);
      if (answered !== undefined) return answered;
      screen.write("\x07");
    }
  }
}

/** COLUMNS and LINES are what the terminal's size is. */
export function noteSize({ variables, options }: Shell, { cols, rows }: Tty): void {
  if (!options.shopt("checkwinsize")) return;
  if (variables.get("COLUMNS") !== String(cols)) variables.put("COLUMNS", String(cols));
  if (variables.get("LINES") !== String(rows)) variables.put("LINES", String(rows));
}

interface KeyState {
  search: IncrementalSearch | undefined;
  /** What has come of a bracketed paste, in pieces, and how much of it. */
  paste: string[] | undefined;
  pasted: number;
  /** The line has become too long: nothing more of it is kept. */
  tooLong: boolean;
}

function argumentOf(digits: string | undefined): number {
  if (digits === undefined) return 1;
  if (digits === "-") return -1;
  return Math.max(-1_000_000, Math.min(1_000_000, Number(digits) || 0));
}
