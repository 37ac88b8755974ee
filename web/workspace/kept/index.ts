export { Kept, type KeptText } from "./kept.ts";
export { KeptTexts } from "./kept-texts.ts";
export { memoryKey, recall, remember } from "./memory.ts";
