import { member, type Member } from "./classes.ts";
import type { Locale, Node, Place } from "./node.ts";

/** What the backtracker executes. Jumps are indexes into `code`. */
export type Instruction =
  | { readonly op: "char"; readonly code: number }
  | { readonly op: "set"; readonly has: Member }
  | { readonly op: "place"; readonly at: Place; readonly everyLine: boolean }
  | { readonly op: "save"; readonly slot: number }
  /** Goes on at `first`; if that fails, at `second`. `mark` numbers the splits. */
  | { readonly op: "split"; first: number; second: number; readonly mark: number }
  | { readonly op: "jump"; to: number }
  /** Ends a loop whose body took nothing since `slot` was saved: it goes on at `out`. */
  | { readonly op: "progress"; readonly slot: number; out: number }
  | { readonly op: "back"; readonly index: number; readonly fold: boolean }
  /** Runs the code up to its own `match` from here, without giving way into it. */
  | {
      readonly op: "look" | "atomic";
      readonly negated: boolean;
      readonly behind: { readonly min: number; readonly max: number } | undefined;
      next: number;
    }
  | { readonly op: "match" }
  | { readonly op: "fail" };

export interface Program {
  readonly code: readonly Instruction[];
  readonly groups: number;
  /** Two for each group, the whole match first, then one for each loop that may take nothing. */
  readonly slots: number;
  readonly splits: number;
  /** Whether what follows depends on the position alone, so that no place is tried twice. */
  readonly regular: boolean;
}

/** A program longer than this is refused: repeats are written out. */
export const MOST_INSTRUCTIONS = 200_000;

/** About how many instructions a pattern makes. */
export function programSize(node: Node): number {
  switch (node.kind) {
    case "concat":
    case "alternate":
      return node.nodes.reduce((sum, each) => sum + programSize(each) + 1, 0);
    case "repeat":
      return (programSize(node.node) + 1) * (node.max === Infinity ? node.min + 1 : node.max);
    case "group":
    case "look":
    case "atomic":
      return programSize(node.node) + 2;
    default:
      return 1;
  }
}

/** Translates a pattern for the backtracker. */
export function assemble(node: Node, groups: number, locale: Locale): Program {
  const assembler = new Assembler(groups, locale);
  assembler.write(node);
  assembler.add({ op: "match" });
  return {
    code: assembler.code,
    groups,
    slots: assembler.slots,
    splits: assembler.splits,
    regular: assembler.regular,
  };
}

class Assembler {
  readonly code: Instruction[] = [];
  readonly #locale: Locale;
  slots: number;
  splits = 0;
  regular = true;

  constructor(groups: number, locale: Locale) {
    this.slots = 2 * (groups + 1);
    this.#locale = locale;
  }

  add<T extends Instruction>(instruction: T): T {
    this.code.push(instruction);
    return instruction;
  }

  write(node: Node): void {
    switch (node.kind) {
      case "empty":
        return;
      case "never":
        this.add({ op: "fail" });
        return;
      case "char":
        if (node.fold)
          this.#set({ kind: "set", negated: false, items: [{ from: node.code, to: node.code }], fold: true });
        else this.add({ op: "char", code: node.code });
        return;
      case "set":
        this.#set(node);
        return;
      case "place":
        this.add({ op: "place", at: node.at, everyLine: node.everyLine });
        return;
      case "group":
        this.add({ op: "save", slot: 2 * node.index });
        this.write(node.node);
        this.add({ op: "save", slot: 2 * node.index + 1 });
        return;
      case "concat":
        for (const each of node.nodes) this.write(each);
        return;
      case "alternate":
        this.#alternate(node.nodes);
        return;
      case "repeat":
        this.#repeat(node);
        return;
      case "back":
        this.regular = false;
        this.add({ op: "back", index: node.index, fold: node.fold });
        return;
      case "keep":
        this.add({ op: "save", slot: 0 });
        return;
      case "look":
      case "atomic": {
        this.regular = false;
        const behind = node.kind === "look" ? node.behind : undefined;
        const negated = node.kind === "look" && node.negated;
        const look = this.add({ op: node.kind, negated, behind, next: 0 });
        this.write(node.node);
        this.add({ op: "match" });
        look.next = this.code.length;
      }
    }
  }

  #set(node: Node & { kind: "set" }): void {
    this.add({ op: "set", has: member(node, this.#locale) });
  }

  #split(): Instruction & { op: "split" } {
    return this.add({ op: "split", first: this.code.length + 1, second: 0, mark: this.splits++ });
  }

  #alternate(nodes: readonly Node[]): void {
    const jumps: (Instruction & { op: "jump" })[] = [];
    nodes.forEach((each, index) => {
      const last = index === nodes.length - 1;
      const split = last ? undefined : this.#split();
      this.write(each);
      if (!split) return;
      jumps.push(this.add({ op: "jump", to: 0 }));
      split.second = this.code.length;
    });
    for (const jump of jumps) jump.to = this.code.length;
  }

  #repeat({ node, min, max, lazy }: Node & { kind: "repeat" }): void {
    for (let count = 0; count < min; count++) this.write(node);
    if (max === Infinity) {
      this.#loop(node, lazy === true);
      return;
    }
    const splits: (Instruction & { op: "split" })[] = [];
    for (let count = min; count < max; count++) {
      splits.push(this.#split());
      this.write(node);
    }
    for (const split of splits) this.#leave(split, lazy === true);
  }

  #loop(node: Node, lazy: boolean): void {
    const head = this.code.length;
    const split = this.#split();
    const slot = mayBeEmpty(node) ? this.slots++ : undefined;
    if (slot !== undefined) this.add({ op: "save", slot });
    this.write(node);
    const progress = slot === undefined ? undefined : this.add({ op: "progress", slot, out: 0 });
    this.add({ op: "jump", to: head });
    if (progress) progress.out = this.code.length;
    this.#leave(split, lazy);
  }

  /** The split's other way is here; the first one to try if it is lazy. */
  #leave(split: Instruction & { op: "split" }, lazy: boolean): void {
    split.second = this.code.length;
    if (lazy) [split.first, split.second] = [split.second, split.first];
  }
}

function mayBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case "char":
    case "set":
    case "never":
      return false;
    case "group":
    case "atomic":
      return mayBeEmpty(node.node);
    case "concat":
      return node.nodes.every(mayBeEmpty);
    case "alternate":
      return node.nodes.some(mayBeEmpty);
    case "repeat":
      return node.min === 0 || mayBeEmpty(node.node);
    case "empty":
    case "place":
    case "back":
    case "look":
    case "keep":
      return true;
  }
}
