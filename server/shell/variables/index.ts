export { AssociativeArray } from "./associative-array.ts";
export { IndexedArray } from "./indexed-array.ts";
export { Variable, type Data, type Dynamic } from "./variable.ts";
export { Variables } from "./variables.ts";
