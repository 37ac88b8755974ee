import { expandTilde } from "../expansion/tilde.ts";
import { expandText } from "../expansion/expand.ts";
import { expandHistory } from "../history/expansion.ts";
import { parseQuoted, replaceAliases } from "../syntax/index.ts";
import type { Steps } from "../interpreter/steps.ts";
import type { Command } from "./session.ts";

/** Alt-Ctrl-E: the line as the shell would expand it: history, aliases, variables and commands. */
export const shellExpandLine: Command = function* shellExpandLine(session): Steps<void> {
  const { shell, buffer } = session;
  const history = expandHistory(shell, buffer.text);
  const text = history.type === "expanded" ? history.text : buffer.text;
  const replaced = replaceAliases(text, shell.aliases) ?? text;
  session.remember();
  buffer.set(yield* expandText(shell, parseQuoted(replaced)));
};

/** Alt-&: the home directory that a tilde before the cursor stands for. */
export const expandTildes: Command = (session) => {
  const { buffer, shell } = session;
  const start = buffer.blankWordStart();
  const match = /^~([^/\s]*)/.exec(buffer.text.slice(start));
  if (!match) return session.bell();
  session.remember();
  buffer.replace(start, start + match[0].length, expandTilde(shell, match[1]!));
};
