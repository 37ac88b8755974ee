export type { ClusterSpec, InterfaceSpec, MachineSpec, Topology } from "./topology.ts";
export { World, type WorldCode } from "./world.ts";
