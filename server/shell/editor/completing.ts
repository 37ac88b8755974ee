import { completeLine, type Completion } from "../completion/complete-line.ts";
import type { Steps } from "../interpreter/steps.ts";
import { columnsOf } from "./listing.ts";
import type { Command, Session } from "./session.ts";

/** Commands that complete the word before the cursor. */

const MOST_WITHOUT_QUESTION = 100;

/** How completion was asked for (COMP_TYPE). */
const TAB = 9;
const LIST = 63;
const ALL = 42;

/** Tab: completes as far as it is clear; a second Tab lists what is possible. */
export const complete: Command = function* complete(session): Steps<void> {
  const { buffer } = session;
  const type = session.last === "complete" ? LIST : TAB;
  const completion = yield* completeLine(session.shell, buffer.text, buffer.cursor, type);
  if (!completion || completion.matches.length === 0) return session.bell();
  const { start, common } = completion;
  const typed = buffer.text.slice(start, buffer.cursor);
  if (completion.matches.length === 1) return put(session, start, completion.matches[0]!.insertion + completion.ending);
  if (common.length > typed.length || !common.startsWith(typed)) {
    if (common !== typed && common !== "") {
      put(session, start, common);
      return session.bell();
    }
  }
  if (session.last !== "complete") return session.bell();
  yield* list(session, completion);
};

export const possibleCompletions: Command = function* possibleCompletions(session): Steps<void> {
  const { buffer } = session;
  const completion = yield* completeLine(session.shell, buffer.text, buffer.cursor, LIST);
  if (!completion || completion.matches.length === 0) return session.bell();
  yield* list(session, completion);
};

/** Alt-*: puts in everything that is possible. */
export const insertCompletions: Command = function* insertCompletions(session): Steps<void> {
  const { buffer } = session;
  const completion = yield* completeLine(session.shell, buffer.text, buffer.cursor, ALL);
  if (!completion || completion.matches.length === 0) return session.bell();
  put(session, completion.start, `${completion.matches.map((match) => match.insertion).join(" ")} `);
};

function put(session: Session, start: number, text: string): void {
  session.remember();
  session.buffer.replace(start, session.buffer.cursor, text);
}

function* list(session: Session, { matches }: Completion): Steps<void> {
  const { screen, buffer } = session;
  session.show();
  const names = matches.map((match) => match.display);
  screen.toEnd();
  screen.write("\r\n");
  if (names.length > MOST_WITHOUT_QUESTION) {
    screen.write(`Display all ${names.length} possibilities? (y or n)`);
    const yes = yield* session.askYesNo();
    screen.write("\r\n");
    if (!yes) return screen.restart(buffer.text, buffer.cursor);
  }
  const lines = columnsOf(names, screen.columns);
  let shown = 0;
  for (const line of lines) {
    screen.write(`${line}\r\n`);
    shown++;
    if (shown < screen.rows - 1 || shown === lines.length) continue;
    screen.write("--More--");
    const more = yield* session.askMore();
    screen.write("\r\x1b[K");
    if (more === "quit") break;
    shown = more === "line" ? screen.rows - 2 : 0;
  }
  screen.restart(buffer.text, buffer.cursor);
}
