import type { Command, Session } from "./session.ts";

/** Commands that only move the cursor. */

function repeat(count: number, step: () => void): void {
  for (let at = 0; at < Math.min(count, 10_000); at++) step();
}

export const forward: Command = (session, count) => {
  if (count < 0) return backward(session, -count, "");
  const { buffer } = session;
  if (buffer.cursor === buffer.text.length) session.bell();
  repeat(count, () => buffer.moveTo(buffer.next()));
};

export const backward: Command = (session, count) => {
  const { buffer } = session;
  if (count < 0) return forward(session, -count, "");
  if (buffer.cursor === 0) session.bell();
  repeat(count, () => buffer.moveTo(buffer.previous()));
};

export const forwardWord: Command = (session, count) => {
  const { buffer } = session;
  if (count < 0) return backwardWord(session, -count, "");
  repeat(count, () => buffer.moveTo(buffer.wordEnd()));
};

export const backwardWord: Command = (session, count) => {
  const { buffer } = session;
  if (count < 0) return forwardWord(session, -count, "");
  repeat(count, () => buffer.moveTo(buffer.wordStart()));
};

export const lineStart: Command = ({ buffer }) => buffer.moveTo(0);

export const lineEnd: Command = ({ buffer }) => buffer.moveTo(buffer.text.length);

export const setMark: Command = (session) => {
  session.mark = session.buffer.cursor;
};

export const exchangeMark: Command = (session) => {
  const { cursor } = session.buffer;
  session.buffer.moveTo(session.mark);
  session.mark = cursor;
};

/** Moves to the next (or, backwards, the last) place of a character. */
export function findCharacter(session: Session, char: string, direction: "forward" | "backward", count: number): void {
  const { buffer } = session;
  const ahead = (direction === "forward") === count > 0;
  let place = buffer.cursor;
  for (let left = Math.abs(count); left > 0; left--) {
    place = ahead ? buffer.text.indexOf(char, place + 1) : place === 0 ? -1 : buffer.text.lastIndexOf(char, place - 1);
    if (place < 0) return session.bell();
  }
  buffer.moveTo(place);
}
