export { Connection, type ConnectionState } from "./connection.ts";
export { fromBase64 } from "./frames.ts";
export { browserTimers, webSocket, type Timers } from "./wire.ts";
