export type { Attempts, Listener } from "./attempts.ts";
export { createAttempts } from "./create-attempts.ts";
export { UserError } from "./errors.ts";
export { createSessionLog } from "./session-log.ts";
