import type { Command, Session } from "./session.ts";

/** Commands that change the text. */

export const deleteChar: Command = (session, count) => {
  if (count < 0) return void deleteBackward(session, -count, "");
  const { buffer } = session;
  if (buffer.cursor >= buffer.text.length) return session.bell();
  session.remember();
  let end = buffer.cursor;
  for (let at = 0; at < count; at++) end = buffer.next(end);
  if (count > 1) session.kills.add(buffer.text.slice(buffer.cursor, end), false);
  buffer.remove(buffer.cursor, end);
};

export const deleteBackward: Command = (session, count) => {
  if (count < 0) return void deleteChar(session, -count, "");
  const { buffer } = session;
  if (buffer.cursor === 0) return session.bell();
  session.remember();
  let start = buffer.cursor;
  for (let at = 0; at < count; at++) start = buffer.previous(start);
  if (count > 1) session.kills.add(buffer.text.slice(start, buffer.cursor), true);
  buffer.remove(start, buffer.cursor);
};

export const deleteBlanks: Command = (session) => {
  const { buffer } = session;
  let [start, end] = [buffer.cursor, buffer.cursor];
  while (start > 0 && /[ \t]/.test(buffer.text[start - 1]!)) start--;
  while (end < buffer.text.length && /[ \t]/.test(buffer.text[end]!)) end++;
  session.remember();
  buffer.remove(start, end);
};

/** Exchanges the characters around the cursor; at the end of the line the two before it. */
export const transposeChars: Command = (session) => {
  const { buffer } = session;
  const at = buffer.cursor === buffer.text.length ? buffer.previous() : buffer.cursor;
  if (at === 0) return session.bell();
  session.remember();
  const before = buffer.previous(at);
  const end = buffer.next(at);
  buffer.replace(before, end, buffer.text.slice(at, end) + buffer.text.slice(before, at));
};

export const transposeWords: Command = (session) => {
  const { buffer } = session;
  const secondEnd = buffer.wordEnd();
  const secondStart = buffer.wordStart(secondEnd);
  const firstStart = buffer.wordStart(secondStart);
  const firstEnd = buffer.wordEnd(firstStart);
  if (firstStart === secondStart || firstEnd > secondStart) return session.bell();
  session.remember();
  const { text } = buffer;
  const swapped =
    text.slice(secondStart, secondEnd) + text.slice(firstEnd, secondStart) + text.slice(firstStart, firstEnd);
  buffer.replace(firstStart, secondEnd, swapped);
};

function changeWord(change: (word: string) => string): Command {
  return (session, count) => {
    const { buffer } = session;
    session.remember();
    for (let at = 0; at < count; at++) {
      const end = buffer.wordEnd();
      buffer.replace(buffer.cursor, end, change(buffer.text.slice(buffer.cursor, end)));
    }
  };
}

export const upcaseWord = changeWord((word) => word.toUpperCase());
export const downcaseWord = changeWord((word) => word.toLowerCase());
export const capitalizeWord = changeWord((word) =>
  word.replace(/([\p{L}\p{N}])(.*)/su, (_, first: string, rest: string) => first.toUpperCase() + rest.toLowerCase()),
);

export const undo: Command = (session) => {
  const state = session.undo.pop();
  if (state) session.buffer.set(state.text, state.cursor);
  else session.bell();
};

export const revertLine: Command = (session) => {
  const state = session.undo.first();
  if (state) session.buffer.set(state.text, state.cursor);
};

/** Alt-#: the line becomes a comment and is accepted. */
export const insertComment: Command = (session) => {
  session.buffer.set(`#${session.buffer.text}`);
  session.result = { type: "line", text: session.buffer.text };
};

export function insertText(session: Session, text: string): void {
  session.insert(text);
}
