import { MAX_FRAME } from "../../../server/sessions/protocol/socket.ts";

/** One byte for the part, one for the terminal. */
const HEAD = 2;

/** Bytes of a terminal, as a binary frame carries them. */
export interface TerminalBytes {
  readonly part: number;
  readonly terminal: number;
  readonly bytes: Uint8Array;
}

/** What was typed, as frames that the server takes. */
export function inputFrames(part: number, terminal: number, bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const frames: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 0; start < bytes.length; start += MAX_FRAME - HEAD) {
    const piece = bytes.subarray(start, start + MAX_FRAME - HEAD);
    const frame = new Uint8Array(HEAD + piece.length);
    frame.set([part, terminal]);
    frame.set(piece, HEAD);
    frames.push(frame);
  }
  return frames;
}

/** What a terminal printed; undefined for a frame that is too short to be one. */
export function readOutput(frame: Uint8Array): TerminalBytes | undefined {
  const [part, terminal] = frame;
  if (part === undefined || terminal === undefined) return undefined;
  return { part, terminal, bytes: frame.subarray(HEAD) };
}

/** The bytes of a base64 text (`screens` has them). */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
