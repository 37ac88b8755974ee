/** A line of a command's result. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** `1 lab`, `3 labs`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
