export { npcReason } from "./explain.ts";
export { bindWeaveNpc, weaveNpcsOf, type NpcOptions } from "./npcs.ts";
