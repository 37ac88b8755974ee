export { compileRule, type Program } from "./check.ts";
export { Evaluator } from "./evaluate.ts";
export { CelError, fromJson, type Cel } from "./values.ts";
