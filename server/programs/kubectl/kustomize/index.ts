export { buildKustomization, type BuildOptions } from "./build.ts";
export type { ResMap } from "./resmap.ts";
export { writeObjects } from "./write.ts";
