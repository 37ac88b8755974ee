export { boot } from "./boot.ts";
export type { Topology } from "./topology.ts";
export { World, type WorldCode } from "./world.ts";
