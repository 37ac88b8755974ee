import type { Pos } from "./chars.ts";
import { UndoList } from "./undo.ts";

/** The text of a file and what belongs to it: marks and undo. All changes go through `replace`. */
export class Buffer {
  lines: string[] = [""];
  readonly marks = new Map<string, Pos>();
  readonly undo = new UndoList();
  /** Counts changes. */
  tick = 0;
  /** The tick at which the text was as the file. */
  #saved = 0;
  /** How many lines came or went, from which on, and whether others follow: counted by changes, started anew by the editor. */
  moved = { lines: 0, from: Infinity, behind: false };
  /** The line that was changed last, as it was before: `U`. */
  lineBefore: { readonly line: number; readonly text: string } | undefined;
  /** The file was empty or is new: its one line is none. */
  none = true;

  get count(): number {
    return this.lines.length;
  }

  line(at: number): string {
    return this.lines[at] ?? "";
  }

  get modified(): boolean {
    return this.tick !== this.#saved;
  }

  set modified(on: boolean) {
    this.#saved = on ? -1 : this.tick;
  }

  /** A new text, without undo. */
  load(lines: string[], none: boolean): void {
    this.lines = lines.length > 0 ? lines : [""];
    this.none = none;
    this.marks.clear();
    this.undo.clear();
    this.tick++;
    this.modified = false;
  }

  /** Replaces `remove` lines from `at` on. */
  replace(at: number, remove: number, added: readonly string[]): void {
    const removed = this.lines.slice(at, at + remove);
    // Nothing but the one line that a text always has.
    if (removed.length === this.lines.length && added.length === 0) added = [""];
    if (remove === 1 && added.length === 1) {
      if (this.lineBefore?.line !== at) this.lineBefore = { line: at, text: removed[0]! };
    } else if (this.lineBefore && this.lineBefore.line >= at) {
      const line = this.lineBefore.line + added.length - remove;
      this.lineBefore = this.lineBefore.line >= at + remove ? { ...this.lineBefore, line } : undefined;
    }
    this.undo.record({ at, removed, added }, this.none);
    this.#splice(at, remove, added);
  }

  set(at: number, text: string): void {
    if (this.lines[at] !== text) this.replace(at, 1, [text]);
  }

  #splice(at: number, remove: number, added: readonly string[]): void {
    if (remove === 1 && added.length === 1) this.lines[at] = added[0]!;
    else if (added.length < 1000) this.lines.splice(at, remove, ...added);
    else this.lines = [...this.lines.slice(0, at), ...added, ...this.lines.slice(at + remove)];
    this.none = false;
    this.tick++;
    const shift = added.length - remove;
    if (shift !== 0) {
      const behind = this.moved.behind || at + added.length < this.lines.length;
      this.moved = {
        lines: this.moved.lines + shift,
        from: Math.min(this.moved.from, at + Math.min(remove, added.length)),
        behind,
      };
    }
    const lowered = (line: number): boolean => line >= at + remove;
    for (const [name, mark] of shift === 0 ? [] : this.marks) {
      if (lowered(mark.line)) this.marks.set(name, { line: mark.line + shift, col: mark.col });
      else if (mark.line >= at + added.length && mark.line < at + remove) {
        // A mark in a deleted line goes; the places of the last change and of Visual mode stay near.
        if (/[a-z]/.test(name)) this.marks.delete(name);
        else this.marks.set(name, { line: Math.max(0, Math.min(at, this.lines.length - 1)), col: 0 });
      }
    }
  }

  /** Takes the last block of changes back, or does it again. As u_undoredo(). */
  step(
    redo: boolean,
  ): { readonly cursor: Pos | undefined; readonly before: number; readonly after: number } | undefined {
    const block = redo ? this.undo.takeRedo() : this.undo.takeUndo();
    if (!block) return undefined;
    const changes = redo ? block.changes : block.changes.toReversed();
    let [top, before, after] = [Infinity, 0, 0];
    for (const [at, change] of changes.entries()) {
      const [old, now] = redo ? [change.removed, change.added] : [change.added, change.removed];
      if (change.at < top + 1 || top === Infinity) {
        const { line } = block.cursor;
        if (line >= change.at - 1 && line <= change.at + now.length) top = line;
        else {
          const least = Math.min(old.length, now.length);
          let same = 0;
          while (same < least && old[same] === now[same]) same++;
          if (same === now.length && top === Infinity && at === changes.length - 1) top = change.at;
          else if (same < now.length) top = change.at + same;
        }
      }
      before += old.length;
      after += now.length;
      this.#splice(change.at, old.length, now);
    }
    if (block.none) {
      // The line of an empty text is none.
      if (redo) before--;
      else {
        after--;
        this.none = true;
      }
    }
    if (block.savedBefore !== undefined && !redo && block.savedBefore) this.modified = false;
    if (block.savedAfter && redo) this.modified = false;
    return { cursor: top === Infinity ? undefined : { line: top, col: 0 }, before, after };
  }

  /** The text was written: undo knows which state is the file's. */
  written(): void {
    this.modified = false;
    this.undo.written();
  }
}
