export * from "./attempt.ts";
export * from "./authoring.ts";
export * from "./kubernetes.ts";
export * from "./lab.ts";
export * from "./socket.ts";
export * from "./worker.ts";
