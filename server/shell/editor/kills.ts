import type { Command } from "./session.ts";

/** Commands that cut, and bring back what was cut. */

export const killLine: Command = (session, count) => {
  const { buffer } = session;
  if (count < 0) return session.kill(0, buffer.cursor);
  session.kill(buffer.cursor, buffer.text.length);
};

export const killToStart: Command = (session) => {
  const { buffer } = session;
  if (buffer.cursor === 0) return session.bell();
  session.kill(0, buffer.cursor);
};

export const killWholeLine: Command = (session) => session.kill(0, session.buffer.text.length);

export const killWord: Command = (session, count) => {
  if (count < 0) return void killWordBackward(session, -count, "");
  const { buffer } = session;
  let end = buffer.cursor;
  for (let at = 0; at < count; at++) end = buffer.wordEnd(end);
  if (end === buffer.cursor) return session.bell();
  session.kill(buffer.cursor, end);
};

export const killWordBackward: Command = (session, count) => {
  if (count < 0) return void killWord(session, -count, "");
  const { buffer } = session;
  let start = buffer.cursor;
  for (let at = 0; at < count; at++) start = buffer.wordStart(start);
  if (start === buffer.cursor) return session.bell();
  session.kill(start, buffer.cursor);
};

export const killBlankWordBackward: Command = (session, count) => {
  const { buffer } = session;
  let start = buffer.cursor;
  for (let at = 0; at < count; at++) start = buffer.blankWordStart(start);
  if (start === buffer.cursor) return session.bell();
  session.kill(start, buffer.cursor);
};

export const yank: Command = (session) => {
  const text = session.kills.current;
  if (text === undefined) return session.bell();
  session.remember();
  const from = session.buffer.cursor;
  session.buffer.insert(text);
  session.yanked = { from, to: session.buffer.cursor };
};

export const yankPop: Command = (session) => {
  const text = session.kills.rotate();
  const { yanked } = session;
  if (text === undefined || !yanked || (session.last !== "yank" && session.last !== "yank-pop")) return session.bell();
  session.remember();
  session.buffer.replace(yanked.from, yanked.to, text);
  session.yanked = { from: yanked.from, to: session.buffer.cursor };
};
