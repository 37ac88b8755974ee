export { evaluateArithmetic, type ArithmeticScope } from "./evaluate.ts";
export { ArithmeticError } from "./expression.ts";
export { add, type Integer } from "./integer.ts";
export { matchingBracket } from "./parse.ts";
