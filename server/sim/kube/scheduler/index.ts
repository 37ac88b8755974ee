export { matchesRequiredNode } from "./node-selector.ts";
export { Scheduler } from "./scheduler.ts";
export { REPELLING, tolerates, untoleratedTaint } from "./tolerations.ts";
