/** An awk program as it is read. */
export interface AwkProgram {
  readonly begin: readonly Statement[];
  readonly rules: readonly Rule[];
  readonly end: readonly Statement[];
  readonly functions: ReadonlyMap<string, FunctionNode>;
}

export interface Rule {
  /** None: every record. Two: a range. */
  readonly patterns: readonly Expression[];
  /** None: the record is printed. */
  readonly action: Statement | undefined;
}

export interface FunctionNode {
  readonly name: string;
  readonly parameters: readonly string[];
  body: Statement;
}

export type Statement =
  | { readonly kind: "block"; readonly body: readonly Statement[] }
  | { readonly kind: "expression"; readonly value: Expression }
  | { readonly kind: "print"; readonly args: readonly Expression[]; readonly to: Redirection | undefined }
  | { readonly kind: "printf"; readonly args: readonly Expression[]; readonly to: Redirection | undefined }
  | {
      readonly kind: "if";
      readonly test: Expression;
      readonly yes: Statement;
      readonly no: Statement | undefined;
    }
  | { readonly kind: "while"; readonly test: Expression; readonly body: Statement }
  | { readonly kind: "do"; readonly body: Statement; readonly test: Expression }
  | {
      readonly kind: "for";
      readonly start: Statement | undefined;
      readonly test: Expression | undefined;
      readonly step: Statement | undefined;
      readonly body: Statement;
    }
  | { readonly kind: "forIn"; readonly variable: Variable; readonly array: string; readonly body: Statement }
  | { readonly kind: "delete"; readonly array: string; readonly subscripts: readonly Expression[] | undefined }
  | { readonly kind: "exit" | "return"; readonly value: Expression | undefined }
  | { readonly kind: "next" | "nextfile" | "break" | "continue" };

export interface Redirection {
  readonly how: ">" | ">>" | "|";
  readonly target: Expression;
}

export type Variable = { readonly kind: "variable"; readonly name: string };
export type Place =
  | Variable
  | { readonly kind: "field"; readonly number: Expression }
  | { readonly kind: "element"; readonly array: string; readonly subscripts: readonly Expression[] };

export type Expression =
  | Place
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "regex"; readonly source: string }
  | { readonly kind: "group"; readonly of: Expression }
  | { readonly kind: "unary"; readonly operator: "-" | "+" | "!"; readonly of: Expression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "match"; readonly negated: boolean; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "conditional";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: "assign"; readonly operator: string; readonly to: Place; readonly value: Expression }
  | { readonly kind: "increment"; readonly to: Place; readonly by: 1 | -1; readonly before: boolean }
  | { readonly kind: "in"; readonly subscripts: readonly Expression[]; readonly array: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "builtin"; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: "getline";
      readonly from: "main" | "file" | "command";
      readonly source: Expression | undefined;
      readonly to: Place | undefined;
    };
