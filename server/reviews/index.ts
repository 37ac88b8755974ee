export { checksCsv, listCsv } from "./csv.ts";
export { replayThread, type SandboxViewer } from "./replay-worker.ts";
export { Reviews, type OpenSandbox } from "./reviews.ts";
