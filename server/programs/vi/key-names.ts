/** A control key as the documentation names it: `CTRL-N`. */
export function controlName(key: string): string {
  return key < " " ? `CTRL-${String.fromCharCode(key.charCodeAt(0) + 64)}` : key;
}
