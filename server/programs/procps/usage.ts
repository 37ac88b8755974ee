export { usageOf } from "../../sim/host/index.ts";
