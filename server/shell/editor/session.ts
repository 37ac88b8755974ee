import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { LineBuffer } from "./buffer.ts";
import { HistoryCursor } from "./history-cursor.ts";
import type { CommandName } from "./keys.ts";
import type { KillRing } from "./kill-ring.ts";
import type { Screen } from "./screen.ts";
import { UndoList } from "./undo-list.ts";

/** How the editing of a line ended. */
export type Accepted = { readonly type: "line"; readonly text: string } | { readonly type: "end" };

/** A key's command: `count` is the numeric argument. */
export type Command = (session: Session, count: number, keys: string) => void | Steps<void>;

/** Asks for a key until one is an answer; undefined at the end of the input. */
export type Asker = (answer: (key: string) => string | undefined) => Steps<string | undefined>;

/** One line that is being edited. */
export class Session {
  readonly shell: Shell;
  readonly screen: Screen;
  readonly kills: KillRing;
  readonly buffer = new LineBuffer();
  readonly history: HistoryCursor;
  readonly undo = new UndoList();
  /** The command before this one; some go on with what they did. */
  last: CommandName | "self-insert" | undefined;
  /** Digits of a numeric argument that is being typed. */
  argument: string | undefined;
  mark = 0;
  /** What is shown standing out: a pasted text, until the next key. */
  region: { readonly from: number; readonly to: number } | undefined;
  /** The next character is not a command: it is inserted, or looked for. */
  expecting: { readonly for: "insert" | "forward" | "backward"; readonly count: number } | undefined;
  result: Accepted | undefined;
  /** What a yank put in: it may be exchanged for another. */
  yanked: { readonly from: number; readonly to: number } | undefined;
  /** How many lines back Alt-. has gone. */
  argumentDepth = 0;
  /** The entry that Ctrl-O asks for as the next line. */
  getNext: number | undefined;

  /** Waits for a key that answers a question. */
  readonly #ask: Asker;

  constructor(shell: Shell, screen: Screen, kills: KillRing, ask: Asker) {
    this.#ask = ask;
    this.shell = shell;
    this.screen = screen;
    this.kills = kills;
    this.history = new HistoryCursor(shell.history, this.buffer);
  }

  *askYesNo(): Steps<boolean> {
    const answer = yield* this.#ask((key) => (/[yY ]/.test(key) ? "yes" : /[nN\x7f\x07]/.test(key) ? "no" : undefined));
    return answer === "yes";
  }

  /** What is to follow a full screen of completions: another one, a line, or nothing. */
  *askMore(): Steps<"screen" | "line" | "quit"> {
    const answer = yield* this.#ask((key) =>
      /[yY ]/.test(key) ? "screen" : /[\r\n]/.test(key) ? "line" : /[nNqQ\x7f\x07]/.test(key) ? "quit" : undefined,
    );
    return (answer ?? "quit") as "screen" | "line" | "quit";
  }

  bell(): void {
    this.screen.write("\x07");
  }

  /** Notes the present text, so that undo can come back to it. */
  remember(): void {
    this.undo.push(this.buffer.text, this.buffer.cursor);
  }

  insert(text: string): void {
    const joins = this.last === "self-insert" && text.length === 1;
    if (!joins) this.remember();
    this.buffer.insert(text);
  }

  kill(from: number, to: number): void {
    if (from === to) return;
    this.remember();
    const before = to < from || to === this.buffer.cursor;
    this.kills.add(this.buffer.remove(from, to), before);
  }

  show(): void {
    this.screen.show(this.buffer.text, this.buffer.cursor, this.region);
  }
}
