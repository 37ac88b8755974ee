export { npcReason } from "./explain.ts";
export { bindWeaveNpc, weaveNpcsOf } from "./npcs.ts";
export { namedPort } from "./wanted.ts";
