export { terminalThemes, type TerminalTheme } from "./terminal-theme.ts";
export { useTheme } from "./theme.ts";
export { ThemeSwitch } from "./theme-switch.tsx";
