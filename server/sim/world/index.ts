export { boot, START, type BootOptions } from "./boot.ts";
export type { ClusterSpec, InterfaceSpec, MachineSpec, Topology } from "./topology.ts";
export { World, type WorldCode } from "./world.ts";
