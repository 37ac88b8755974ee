/** Bytes that change more than the cell that they are written to: escape sequences, charsets, C1 controls in UTF-8. */
// oxlint-disable-next-line no-control-regex
const STATEFUL = /[\x00-\x06\x08\x0b\x0c\x0e-\x1f]|\xc2[\x80-\x9f]/g;

/**
 * Leaves out lines of plain text that have left the scrollback already, so that a flood costs no more than its last
 * `lines` lines: what a terminal shows after the rest is the same.
 */
export function dropScrolledOut(bytes: string, lines: number): string {
  const plain = startOfPlainText(bytes);
  let cut = bytes.length;
  for (let count = 0; count <= lines; count++) {
    cut = bytes.lastIndexOf("\r\n", cut - 1);
    if (cut < plain) return bytes;
  }
  const from = bytes.indexOf("\r\n", plain);
  return from < cut ? bytes.slice(0, from) + bytes.slice(cut) : bytes;
}

/** Behind the last byte that is more than text. Looked for from the end, piece by piece: floods are plain for long. */
function startOfPlainText(bytes: string): number {
  const PIECE = 65_536;
  for (let end = bytes.length; end > 0; end -= PIECE) {
    const start = Math.max(0, end - PIECE);
    let last = -1;
    for (const { index, 0: found } of bytes.slice(start, Math.min(bytes.length, end + 1)).matchAll(STATEFUL))
      last = start + index + found.length;
    if (last >= 0) return behindSequence(bytes, last);
  }
  return 0;
}

/** A sequence goes on behind its first byte: what follows on the same line is left alone. */
function behindSequence(bytes: string, at: number): number {
  const newline = bytes.indexOf("\r\n", at);
  return newline < 0 ? bytes.length : newline;
}
