/** What an expression of CEL is parsed to. `at` is where it stands in the text, for errors. */
export type Expression =
  | { readonly kind: "literal"; readonly at: number; readonly value: null | boolean | bigint | number | string }
  | { readonly kind: "name"; readonly at: number; readonly name: string }
  | { readonly kind: "select"; readonly at: number; readonly of: Expression; readonly field: string; readonly optional: boolean }
  | { readonly kind: "index"; readonly at: number; readonly of: Expression; readonly key: Expression; readonly optional: boolean }
  | { readonly kind: "list"; readonly at: number; readonly items: readonly Expression[] }
  | { readonly kind: "map"; readonly at: number; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: "call"; readonly at: number; readonly name: string; readonly target?: Expression; readonly args: readonly Expression[] }
  | { readonly kind: "has"; readonly at: number; readonly of: Expression; readonly field: string }
  | {
      readonly kind: "loop";
      readonly at: number;
      readonly macro: "all" | "exists" | "exists_one" | "filter" | "map";
      readonly over: Expression;
      readonly variable: string;
      /** `map` with a condition has both. */
      readonly condition?: Expression;
      readonly result?: Expression;
    }; // prettier-ignore

/** A text that is no expression, with the place where that shows. */
export class CelSyntaxError extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}
