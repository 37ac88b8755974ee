/** Escape sequences made visible, so that a value cannot steer the terminal (cli-runtime pkg/printers/terminal.go). */
export function escapeTerminal(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\x1b\r]/g, (char) => (char === "\r" ? "\\r" : "^["));
}
