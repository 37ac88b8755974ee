/** A key as vim shows it: `^W`, `<80>`. */
export function keyText(key: string): string {
  if (key.startsWith("<") && key.length > 2) return key;
  return key < " " ? `^${String.fromCharCode(key.charCodeAt(0) + 64)}` : key === "\x7f" ? "^?" : key;
}

/** A control key as the documentation names it: `CTRL-N`. */
export function controlName(key: string): string {
  return key < " " ? `CTRL-${String.fromCharCode(key.charCodeAt(0) + 64)}` : key;
}
