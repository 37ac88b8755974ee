/** Why a socket is closed. 1000 to 1015 as RFC 6455 and its registry say; from 4000 on ours, as HTTP's statuses. */
export const CLOSE = {
  badFrames: 1008,
  failed: 1011,
  restarting: 1012,
  tooSlow: 1013,
  signedOut: 4401,
  unknownAttempt: 4404,
  graded: 4409,
} as const;

/** A close frame holds 123 bytes of reason. */
export function reason(words: string): string {
  let text = words;
  while (Buffer.byteLength(text) > 123) text = `${text.slice(0, -2)}…`;
  return text;
}
