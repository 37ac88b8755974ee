import { indexAtColumn, columnAt, type Pos } from "../vi/chars.ts";

/** What one undo takes back, in nano's words. */
export type Deed = "addition" | "deletion" | "line break" | "line join" | "cut" | "paste" | "replacement" | "insertion" | "indent" | "unindent" | "comment"; // prettier-ignore

interface Change {
  readonly at: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

interface Item {
  readonly deed: Deed;
  readonly changes: Change[];
  readonly before: Pos;
  after: Pos;
}

/** The lines of a file, the last one without newline; changes can be taken back. As nano's openfilestruct. */
export class Text {
  lines: string[];
  cursor: Pos = { line: 0, col: 0 };
  mark: Pos | undefined;
  /** Where vertical movements aim at. */
  want = 0;
  #done: Item[] = [];
  #undone: Item[] = [];
  #open: Item | undefined;
  #saved: Item | undefined;

  constructor(text: string) {
    this.lines = text.split("\n");
  }

  get line(): string {
    return this.lines[this.cursor.line]!;
  }

  get modified(): boolean {
    return this.#done.at(-1) !== this.#saved;
  }

  written(): void {
    this.#saved = this.#done.at(-1);
    this.#open = undefined;
  }

  /** The next change begins an undo item of its own. */
  close(): void {
    this.#open = undefined;
  }

  get deed(): Deed | undefined {
    return this.#open?.deed;
  }

  /** Replaces lines and moves the cursor. Changes of one kind in a row are one item until `close`. */
  change(deed: Deed, at: number, remove: number, added: readonly string[], cursor: Pos): void {
    const removed = this.lines.slice(at, at + remove);
    if (this.#open?.deed !== deed) {
      this.#open = { deed, changes: [], before: this.cursor, after: cursor };
      this.#done.push(this.#open);
      this.#undone = [];
    }
    const { changes } = this.#open;
    const last = changes.at(-1);
    if (last && last.at === at && last.added.length === 1 && remove === 1 && added.length === 1)
      changes[changes.length - 1] = { at, removed: last.removed, added }; // prettier-ignore
    else changes.push({ at, removed, added });
    this.#open.after = cursor;
    this.lines.splice(at, remove, ...added);
    this.moveTo(cursor);
  }

  undo(): Deed | undefined {
    const item = this.#done.pop();
    if (!item) return undefined;
    this.#open = undefined;
    this.#undone.push(item);
    for (const { at, removed, added } of item.changes.toReversed()) this.lines.splice(at, added.length, ...removed);
    this.moveTo(item.before);
    return item.deed;
  }

  redo(): Deed | undefined {
    const item = this.#undone.pop();
    if (!item) return undefined;
    this.#open = undefined;
    this.#done.push(item);
    for (const { at, removed, added } of item.changes) this.lines.splice(at, removed.length, ...added);
    this.moveTo(item.after);
    return item.deed;
  }

  moveTo(pos: Pos): void {
    this.cursor = pos;
    this.want = columnAt(this.line, pos.col, 8);
  }

  /** Up or down, keeping the column as far as lines reach. */
  moveBy(lines: number): void {
    const line = Math.max(0, Math.min(this.lines.length - 1, this.cursor.line + lines));
    this.cursor = { line, col: indexAtColumn(this.lines[line]!, this.want, 8) };
  }

  /** What is marked, in order. */
  get marked(): { readonly from: Pos; readonly to: Pos } | undefined {
    const { mark, cursor } = this;
    if (!mark) return undefined;
    return mark.line < cursor.line || (mark.line === cursor.line && mark.col <= cursor.col) ? { from: mark, to: cursor } : { from: cursor, to: mark }; // prettier-ignore
  }

  between(from: Pos, to: Pos): string {
    if (from.line === to.line) return this.lines[from.line]!.slice(from.col, to.col);
    return [this.lines[from.line]!.slice(from.col), ...this.lines.slice(from.line + 1, to.line), this.lines[to.line]!.slice(0, to.col)].join("\n"); // prettier-ignore
  }

  remove(deed: Deed, from: Pos, to: Pos): void {
    this.change(deed, from.line, to.line - from.line + 1, [this.lines[from.line]!.slice(0, from.col) + this.lines[to.line]!.slice(to.col)], from); // prettier-ignore
  }

  insert(deed: Deed, text: string): void {
    const { line, col } = this.cursor;
    const parts = text.split("\n");
    const [head, tail] = [this.line.slice(0, col), this.line.slice(col)];
    const added =
      parts.length === 1 ? [head + text + tail] : [head + parts[0]!, ...parts.slice(1, -1), parts.at(-1)! + tail];
    const end = { line: line + parts.length - 1, col: (parts.length === 1 ? col : 0) + parts.at(-1)!.length };
    this.change(deed, line, 1, added, end);
  }
}
