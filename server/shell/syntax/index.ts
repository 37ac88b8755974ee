export { replaceAliases } from "./aliases.ts";
export { parse, parseQuoted, type Fault, type Parsed } from "./parse.ts";
export { printCommand, printFunction } from "./print.ts";
export type * from "./tree.ts";
