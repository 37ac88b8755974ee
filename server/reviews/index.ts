export { checksCsv, listCsv } from "./csv.ts";
export { replayThread } from "./replay-worker.ts";
export { Reviews, type OpenSandbox } from "./reviews.ts";
