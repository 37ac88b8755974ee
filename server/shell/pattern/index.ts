;
export { escapePattern, hasMagic, Pattern } from "./pattern.ts";
