import type { Time } from "../../sim/kernel/index.ts";
import type { Pos } from "./chars.ts";

export interface Change {
  readonly at: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** What one `u` takes back. */
export interface Block {
  readonly changes: Change[];
  /** Where the cursor was before. */
  readonly cursor: Pos;
  readonly number: number;
  readonly time: Time;
  /** There was no line before. */
  readonly none: boolean;
  /** The text before, or after it, is what the file holds. */
  savedBefore?: boolean;
  savedAfter?: boolean;
}

/** 'undolevels' */
const MOST_BLOCKS = 1000;

/** The changes that can be taken back, and those that can be done again. Branches of the undo tree are not kept. */
export class UndoList {
  #done: Block[] = [];
  #undone: Block[] = [];
  #open: Block | undefined;
  #count = 0;
  /** The cursor and time for the next block, set by the editor. */
  origin: () => { cursor: Pos; time: Time } = () => ({ cursor: { line: 0, col: 0 }, time: 0 });
  /** Whether the text is the file's, asked before the first change of a block. */
  isSaved: () => boolean = () => false;

  clear(): void {
    this.#done = [];
    this.#undone = [];
    this.#open = undefined;
    this.#count = 0;
  }

  record(change: Change, none = false): void {
    if (!this.#open) {
      this.#undone = [];
      this.#open = { changes: [], number: ++this.#count, none, savedBefore: this.isSaved(), ...this.origin() };
      this.#done.push(this.#open);
      if (this.#done.length > MOST_BLOCKS) this.#done.shift();
    }
    const { changes } = this.#open;
    const previous = changes.at(-1);
    const sameLine = previous?.at === change.at && previous.added.length === 1 && change.removed.length === 1;
    if (sameLine && change.added.length === 1) changes[changes.length - 1] = { ...previous, added: change.added };
    else changes.push(change);
  }

  /** The next change begins a new block. */
  close(): void {
    this.#open = undefined;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  takeUndo(): Block | undefined {
    this.close();
    const block = this.#done.pop();
    if (block) this.#undone.push(block);
    return block;
  }

  takeRedo(): Block | undefined {
    this.close();
    const block = this.#undone.pop();
    if (block) this.#done.push(block);
    return block;
  }

  /** The block that was undone last, or done last. */
  get lastUndone(): Block | undefined {
    return this.#undone.at(-1);
  }

  get lastDone(): Block | undefined {
    return this.#done.at(-1);
  }

  /** All changes of the newest block, for `U`. */
  get newest(): readonly Change[] {
    return this.#done.at(-1)?.changes ?? [];
  }

  written(): void {
    for (const block of [...this.#done, ...this.#undone]) {
      block.savedBefore = false;
      block.savedAfter = false;
    }
    const done = this.#done.at(-1);
    if (done) done.savedAfter = true;
    const undone = this.#undone.at(-1);
    if (undone) undone.savedBefore = true;
  }
}
