export { AssociativeArray } from "./associative-array.ts";
export { hashOrder } from "./hash-order.ts";
export { IndexedArray } from "./indexed-array.ts";
export { Variable, type Attributes, type Data, type Dynamic } from "./variable.ts";
export { Variables } from "./variables.ts";
