export type { Attempts, Listener } from "./attempts.ts";
export { createAttempts, type AttemptsOptions } from "./create-attempts.ts";
export { UserError, type ErrorCode } from "./errors.ts";
export { createSessionLog, type StoredLog } from "./session-log.ts";
