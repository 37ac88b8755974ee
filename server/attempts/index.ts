export type { Attempts, Listener } from "./attempts.ts";
export { createAttempts } from "./create-attempts.ts";
export { UserError } from "./errors.ts";
export type { Management } from "./management.ts";
export type { Terms } from "./terms.ts";
export { createSessionLog } from "./session-log.ts";
