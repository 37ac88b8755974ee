export { bindWeaveNpc, weaveNpcsOf, type NpcOptions } from "./npcs.ts";
