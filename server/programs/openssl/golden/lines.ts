/** A shell line, and what the real bash and the real openssl made of it. */
export interface RecordedLine {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Bytes that are no UTF-8 are U+FFFD in recordings. Error lines start with the number of the thread; a new key is shown to grow by dots that chance gives. */
export function masked(output: string): string {
  return output
    .replace(/[\udc80-\udcff]/g, "\ufffd")
    .replace(/^[0-9A-F]{12,16}(?=:error:)/gm, "THREAD")
    .replace(/^[.+*]{20,}\n/gm, "");
}
