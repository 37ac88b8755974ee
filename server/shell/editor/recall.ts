import { splitWords } from "../history/words.ts";
import { expandHistory } from "../history/expansion.ts";
import type { Command, Session } from "./session.ts";

/** Commands that bring lines of the history back. */

function goTo(session: Session, number: number): void {
  const { history, undo } = session;
  if (!history.goTo(number)) return session.bell();
  undo.clear();
  if (history.original !== undefined) undo.push(history.original, history.original.length);
}

export const previousLine: Command = (session, count) => {
  if (!session.history.isEmpty) goTo(session, session.history.at - count);
};

export const nextLine: Command = (session, count) => goTo(session, session.history.at + count);

export const firstLine: Command = (session) => goTo(session, session.history.first);

export const lastLine: Command = (session) => goTo(session, session.history.next);

/** Alt-.: the last word of the line before; repeated, of lines further back. */
export const yankLastArgument: Command = (session, count) => {
  const again = session.last === "yank-last-arg" && session.yanked !== undefined;
  session.argumentDepth = again ? session.argumentDepth + 1 : 1;
  const number = session.history.next - session.argumentDepth;
  const line = session.shell.history.at(number);
  if (line === undefined) {
    if (again) putWord(session, "", true);
    return session.bell();
  }
  const words = splitWords(line);
  const word = session.argument === undefined ? words.at(-1) : words[count];
  putWord(session, word ?? "", again);
};

/** Alt-Ctrl-Y: the first argument (or the one of that number) of the line before. */
export const yankArgument: Command = (session, count) => {
  const line = session.shell.history.at(session.history.next - 1);
  const word = line === undefined ? undefined : splitWords(line)[session.argument === undefined ? 1 : count];
  if (word === undefined) return session.bell();
  putWord(session, word, false);
};

function putWord(session: Session, word: string, again: boolean): void {
  session.remember();
  const { buffer, yanked } = session;
  if (again && yanked) buffer.replace(yanked.from, yanked.to, word);
  else {
    session.yanked = { from: buffer.cursor, to: buffer.cursor };
    buffer.insert(word);
  }
  session.yanked = { from: session.yanked!.from, to: buffer.cursor };
}

/** Alt-^: what `!!` and its like stand for. */
export const expandHistoryLine: Command = (session) => {
  const expanded = expandHistory(session.shell, session.buffer.text);
  if (expanded.type !== "expanded") return expanded.type === "failed" ? session.bell() : undefined;
  session.remember();
  session.buffer.set(expanded.text);
};

/** Ctrl-O: accepts the line, and offers the entry behind it as the next one. */
export const operateAndGetNext: Command = (session) => {
  session.getNext = session.history.at + 1;
  session.result = { type: "line", text: session.buffer.text };
};
