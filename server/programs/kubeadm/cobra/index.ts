export type { Call, CobraFlag, Command } from "./command.ts";
export type { Given } from "./given.ts";
export { helpText } from "./help.ts";
export { findCommand, parseFlags } from "./parse.ts";
