export { inUrl, isLoopback } from "./loopback.ts";
export { createServer, type ServerOptions } from "./server.ts";
