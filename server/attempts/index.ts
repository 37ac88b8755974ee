export type { Attempts, Listener } from "./attempts.ts";
export { createAttempts } from "./create-attempts.ts";
export { UserError } from "./errors.ts";
export { createSessionLog } from "./session-log.ts";
export { asUser } from "./failures.ts";
export { summary } from "./present.ts";
export { percentOf } from "./score.ts";
export { sessionOf } from "./session-name.ts";
export type { StoredLog } from "./session-log.ts";
