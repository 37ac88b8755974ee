export { type Clock, type Timer, wallClock } from "./clock.ts";
export { createSessions } from "./create-sessions.ts";
export type { Logger } from "./logger.ts";
export { SessionError, type Finished, type Sessions, type View, type Viewer } from "./pool.ts";
export type { WorkerPort } from "./port.ts";
export type { SessionLog, SessionSource } from "./session-log.ts";
export { threadPort } from "./thread.ts";
