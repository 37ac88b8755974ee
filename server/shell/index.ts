export { ash, bash, dash } from "./startup/programs.ts";
export { login, loginCommand, type LoginOptions } from "./startup/login.ts";
export { shellOf, type ShellView } from "./startup/shells.ts";
