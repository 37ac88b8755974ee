import type { Integer } from "./integer.ts";

export type BinaryOperator =
  | "+" | "-" | "*" | "/" | "%" | "**" | "<<" | ">>" | "&" | "|" | "^"
  | "<" | ">" | "<=" | ">=" | "==" | "!=" | "&&" | "||" | ","; // prettier-ignore

/** `a` or `a[subscript]`; the subscript is text: a key, if the array is associative. */
export interface Place {
  readonly type: "variable";
  readonly name: string;
  readonly subscript: string | undefined;
  /** Where it stands in the text, for error messages. */
  readonly at: number;
}

export type Expression =
  | { readonly type: "number"; readonly value: Integer }
  | Place
  | { readonly type: "unary"; readonly operator: "!" | "~" | "-" | "+"; readonly operand: Expression }
  | { readonly type: "step"; readonly by: 1 | -1; readonly prefix: boolean; readonly place: Place }
  | {
      readonly type: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      /** Where the right operand stands. */
      readonly rightAt: number;
    }
  | { readonly type: "assign"; readonly operator: BinaryOperator | undefined; readonly place: Place; readonly value: Expression; readonly at: number } // prettier-ignore
  | { readonly type: "choose"; readonly test: Expression; readonly yes: Expression; readonly no: Expression };

/** An expression that cannot be read or computed, in the words of expr.c. */
export class ArithmeticError extends Error {
  /** The text as far as it was read, without leading blanks. */
  readonly expression: string;
  /** The rest of the text from the offending token on; undefined for errors that name none. */
  readonly token: string | undefined;

  constructor(expression: string, message: string, token: string | undefined) {
    super(message);
    this.expression = expression.replace(/^[ \t\n]+/, "");
    this.token = token;
  }

  /** `1/0: division by 0 (error token is "0")` */
  get words(): string {
    return `${this.expression}: ${this.message} (error token is "${this.token ?? ""}")`;
  }
}
