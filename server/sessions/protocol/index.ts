export * from "./account.ts";
export * from "./attempt.ts";
export * from "./class.ts";
export * from "./kubernetes.ts";
export * from "./lab.ts";
export * from "./socket.ts";
export * from "./worker.ts";
