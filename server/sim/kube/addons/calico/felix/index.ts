export { felixReason } from "./explain.ts";
export { bindFelix, felixesOf } from "./felixes.ts";
