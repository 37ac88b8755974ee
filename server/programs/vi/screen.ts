/** Shows frames on a terminal: only rows that have changed are written. */
export class Screen {
  #rows: readonly string[] = [];

  /** What is shown is unknown: the next frame is drawn whole. */
  forget(): void {
    this.#rows = [];
  }

  /** The bytes that bring the terminal from the last frame to this one. */
  update(rows: readonly string[], cursor: { readonly row: number; readonly column: number }): string {
    let out = "";
    if (this.#rows.length === 0) out += "\x1b[H\x1b[2J";
    for (const [at, row] of rows.entries()) {
      if (this.#rows[at] === row) continue;
      const old = this.#rows[at];
      if (old === undefined && this.#rows.length === 0 && row === "") continue;
      // What is the same at the start stays, if no colour is in it.
      const same = old === undefined ? 0 : samePrefix(old, row);
      out += `\x1b[${at + 1};${same + 1}H${row.slice(same)}\x1b[K`;
    }
    this.#rows = [...rows];
    return `\x1b[?25l${out}\x1b[${cursor.row + 1};${cursor.column + 1}H\x1b[?25h`;
  }
}

/** How many plain characters of one column two rows begin with. */
function samePrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a[at] === b[at] && a[at]! >= " " && a[at]! <= "~") at++;
  return at;
}
