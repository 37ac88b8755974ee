import { AssociativeArray } from "./associative-array.ts";
import { IndexedArray } from "./indexed-array.ts";

/** A variable that is computed when it is read: `RANDOM`, `SECONDS`. `C` is the shell that has it. */
export interface Dynamic<C> {
  read(context: C): string | IndexedArray | undefined;
  /** Absent: an assignment is taken and has no effect. */
  write?(context: C, value: string): void;
}

export type Data = string | IndexedArray | AssociativeArray;

/** What `declare` can say of a variable, by its option letters. */
export interface Attributes {
  exported: boolean;
  readonly: boolean;
  integer: boolean;
  /** `-l`, `-u`, `-c`. */
  fold: "lower" | "upper" | "capitalize" | undefined;
  reference: boolean;
  traced: boolean;
}

export class Variable<C = unknown> implements Attributes {
  /** Undefined: declared, but without a value. */
  data: Data | undefined;
  exported = false;
  readonly = false;
  integer = false;
  fold: Attributes["fold"] = undefined;
  reference = false;
  traced = false;
  dynamic: Dynamic<C> | undefined = undefined;
  /** Set for one command (`x=1 f`): a local variable of that name in the function starts with its value. */
  temporary = false;
  /** An array that was declared and never given a value. */
  bare = false;
  /** Who may change it in place: one `Variables` until it is forked. Others make a copy first. */
  owner: object;

  constructor(owner: object, data?: Data) {
    this.owner = owner;
    this.data = data;
  }

  copy(owner: object): Variable<C> {
    const { data } = this;
    const copy = new Variable<C>(owner, data === undefined || typeof data === "string" ? data : data.copy());
    copy.exported = this.exported;
    copy.readonly = this.readonly;
    copy.integer = this.integer;
    copy.fold = this.fold;
    copy.reference = this.reference;
    copy.traced = this.traced;
    copy.dynamic = this.dynamic;
    copy.temporary = this.temporary;
    copy.bare = this.bare;
    return copy;
  }

  /** The letters of `declare -p`. */
  get letters(): string {
    const letters = [
      this.data instanceof IndexedArray ? "a" : "",
      this.data instanceof AssociativeArray ? "A" : "",
      this.integer ? "i" : "",
      this.reference ? "n" : "",
      this.readonly ? "r" : "",
      this.traced ? "t" : "",
      this.exported ? "x" : "",
      this.fold === "capitalize" ? "c" : "",
      this.fold === "lower" ? "l" : "",
      this.fold === "upper" ? "u" : "",
    ];
    return letters.join("");
  }
}
