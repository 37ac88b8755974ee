export { Job, type StartedProcess } from "./job.ts";
export { Jobs } from "./jobs.ts";
