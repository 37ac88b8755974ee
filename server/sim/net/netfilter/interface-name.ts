/** `eth0`, or `eth+` for all names that start so; `+` fits any. */
export function nameFits(pattern: string, name: string): boolean {
  return pattern.endsWith("+") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
