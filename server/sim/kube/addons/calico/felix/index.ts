export { felixReason } from "./explain.ts";
export { bindFelix, felixesOf } from "./felixes.ts";
export type { FelixOptions } from "./row.ts";
