export { Classes } from "./classes.ts";
export { toCsv } from "./csv.ts";
export { ClassError } from "./errors.ts";
