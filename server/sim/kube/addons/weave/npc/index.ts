export { npcReason } from "./explain.ts";
export { bindWeaveNpc, weaveNpcsOf } from "./npcs.ts";
