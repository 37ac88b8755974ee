import type { Value } from "./value.ts";

/** A jq program as parsed. `at` is where in the text a name stands, for messages. */
export type Expr =
  | { readonly kind: "identity" }
  | { readonly kind: "recurse" }
  | { readonly kind: "index"; readonly term: Expr; readonly key: Expr }
  | { readonly kind: "slice"; readonly term: Expr; readonly from?: Expr; readonly to?: Expr }
  | { readonly kind: "iterate"; readonly term: Expr }
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "format"; readonly name: string }
  | { readonly kind: "string"; readonly format: string; readonly parts: readonly (string | Expr)[] }
  | { readonly kind: "array"; readonly body: Expr | undefined }
  | { readonly kind: "object"; readonly pairs: readonly { readonly key: Expr; readonly value: Expr }[] }
  | { readonly kind: "negate"; readonly body: Expr }
  | { readonly kind: "pipe" | "comma" | "and" | "or" | "alternative"; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "assign"; readonly operator: string; readonly target: Expr; readonly value: Expr }
  | { readonly kind: "try"; readonly body: Expr; readonly handler: Expr | undefined }
  | { readonly kind: "if"; readonly test: Expr; readonly whenTrue: Expr; readonly otherwise: Expr | undefined }
  | { readonly kind: "as"; readonly source: Expr; readonly patterns: readonly Pattern[]; readonly body: Expr }
  | {
      readonly kind: "reduce";
      readonly source: Expr;
      readonly patterns: readonly Pattern[];
      readonly start: Expr;
      readonly update: Expr;
    }
  | {
      readonly kind: "foreach";
      readonly source: Expr;
      readonly patterns: readonly Pattern[];
      readonly start: Expr;
      readonly update: Expr;
      readonly extract: Expr | undefined;
    }
  | { readonly kind: "def"; readonly definition: Definition; readonly body: Expr }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expr[]; readonly at: number }
  | { readonly kind: "variable"; readonly name: string; readonly at: number }
  | { readonly kind: "label"; readonly name: string; readonly body: Expr }
  | { readonly kind: "break"; readonly name: string; readonly at: number };

/** A function; parameters with `$` are values, the others filters. */
export interface Definition {
  readonly name: string;
  readonly params: readonly string[];
  readonly body: Expr;
}

/** What `as` binds: a variable, or the parts of an array or object. */
export type Pattern =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "array"; readonly items: readonly Pattern[] }
  | {
      readonly kind: "object";
      /** With `variable` the whole value under the key is bound as well. */
      readonly pairs: readonly { readonly key: Expr; readonly variable?: string; readonly value?: Pattern }[];
    };
