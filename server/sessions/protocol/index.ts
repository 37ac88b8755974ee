export * from "./attempt.ts";
export * from "./kubernetes.ts";
export * from "./lab.ts";
export * from "./review.ts";
export * from "./review-worker.ts";
export * from "./socket.ts";
export * from "./worker.ts";
