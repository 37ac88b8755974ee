export { ash, bash, dash } from "./startup/programs.ts";
export { shellOf, type ShellView } from "./startup/shells.ts";
