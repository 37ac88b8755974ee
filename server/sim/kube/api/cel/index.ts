export { CelSyntaxError, type Expression } from "./ast.ts";
export { compileRule, type Program } from "./check.ts";
export { Evaluator, type Scope } from "./evaluate.ts";
export { parseCel } from "./parser.ts";
export { CelError, fromJson, type Cel } from "./values.ts";
