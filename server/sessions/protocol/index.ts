export * from "./attempt.ts";
export * from "./kubernetes.ts";
export * from "./lab.ts";
export * from "./socket.ts";
export * from "./topology.ts";
export * from "./worker.ts";
