export { openStore } from "./open.ts";
export * from "./store.ts";
