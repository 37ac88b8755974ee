/** Ends nft with words and an exit status. */
export class Refusal extends Error {
  readonly status: number;
  readonly says: string;

  constructor(status: number, says: string) {
    super(says);
    this.status = status;
    this.says = says;
  }
}

export function notSimulated(what: string): Refusal {
  return new Refusal(64, `drydock: nft: '${what}' is not simulated\n`);
}

/** An error at one word of the command, which is shown with it underlined (erec_print). */
export function errorAt(words: readonly string[], at: number, says: string): Refusal {
  const line = words.join(" ");
  const before = words.slice(0, at).join(" ");
  const start = at === 0 ? 0 : before.length + 1;
  const under = at < words.length ? "^".repeat(words[at]!.length) : "^";
  const column = at < words.length ? start : line.length;
  return new Refusal(1, `Error: ${says}\n${line}\n${" ".repeat(column)}${under}\n`);
}
