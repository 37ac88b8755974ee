export { cpuPercent, memoryPercent, usageOf, type Usage } from "../../sim/host/index.ts";
