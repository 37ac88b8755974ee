export { matchesRequiredNode } from "./node-selector.ts";
export { Scheduler, type SchedulerOptions } from "./scheduler.ts";
export { REPELLING, tolerates, untoleratedTaint } from "./tolerations.ts";
