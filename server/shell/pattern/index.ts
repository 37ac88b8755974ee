export { type PatternOptions } from "./elements.ts";
export { escapePattern, hasMagic, Pattern } from "./pattern.ts";
