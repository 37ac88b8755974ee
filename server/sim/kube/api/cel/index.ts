export type { Expression } from "./ast.ts";
export { compileExpression, compileRule, mismatch, type Program, type ResultType } from "./check.ts";
export { declaredSchema } from "./declared.ts";
export { Evaluator } from "./evaluate.ts";
export { CelError, fromJson, type Cel, type Key } from "./values.ts";
