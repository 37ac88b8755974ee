export { boot, START } from "./boot.ts";
export type { Topology } from "./topology.ts";
export { World, type WorldCode } from "./world.ts";
export { BASE as BASE_PACKAGES, NOBLE_BASE } from "./internet/catalogue/debian/index.ts";
export { writeFiles } from "./write-files.ts";
