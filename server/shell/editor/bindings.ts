import {
  capitalizeWord,
  deleteBackward,
  deleteBlanks,
  deleteChar,
  downcaseWord,
  insertComment,
  revertLine,
  transposeChars,
  transposeWords,
  undo,
  upcaseWord,
} from "./changes.ts";
import { complete, insertCompletions, possibleCompletions } from "./completing.ts";
import type { CommandName } from "./keys.ts";
import { killBlankWordBackward, killLine, killToStart, killWholeLine, killWord, killWordBackward, yank, yankPop } from "./kills.ts"; // prettier-ignore
import { backward, backwardWord, exchangeMark, forward, forwardWord, lineEnd, lineStart, setMark } from "./movement.ts";
import {
  expandHistoryLine,
  firstLine,
  lastLine,
  nextLine,
  operateAndGetNext,
  previousLine,
  yankArgument,
  yankLastArgument,
} from "./recall.ts";
import type { Command } from "./session.ts";
import { expandTildes, shellExpandLine } from "./shell-words.ts";

/** What the commands do that keys are bound to. Those that change how keys are read are the editor's own. */
export const COMMANDS: Partial<Record<CommandName, Command>> = {
  abort: (session) => session.bell(),
  "accept-line": (session) => void (session.result = { type: "line", text: session.buffer.text }),
  "backward-char": backward,
  "backward-delete-char": deleteBackward,
  "backward-kill-line": killToStart,
  "backward-kill-word": killWordBackward,
  "backward-word": backwardWord,
  "beginning-of-history": firstLine,
  "beginning-of-line": lineStart,
  "capitalize-word": capitalizeWord,
  "clear-screen": ({ screen, buffer }) => screen.clear(buffer.text, buffer.cursor),
  complete,
  "delete-char": deleteChar,
  "delete-horizontal-space": deleteBlanks,
  "downcase-word": downcaseWord,
  "end-of-history": lastLine,
  "end-of-line": lineEnd,
  "exchange-point-and-mark": exchangeMark,
  "forward-char": forward,
  "forward-word": forwardWord,
  "history-expand-line": expandHistoryLine,
  ignore: (session) => session.bell(),
  "insert-comment": insertComment,
  "insert-completions": insertCompletions,
  "kill-line": killLine,
  "kill-whole-line": killWholeLine,
  "kill-word": killWord,
  "next-history": nextLine,
  "operate-and-get-next": operateAndGetNext,
  "possible-completions": possibleCompletions,
  "previous-history": previousLine,
  "revert-line": revertLine,
  "set-mark": setMark,
  "shell-expand-line": shellExpandLine,
  "tilde-expand": expandTildes,
  "transpose-chars": transposeChars,
  "transpose-words": transposeWords,
  undo,
  "unix-line-discard": killToStart,
  "unix-word-rubout": killBlankWordBackward,
  "upcase-word": upcaseWord,
  yank,
  "yank-last-arg": yankLastArgument,
  "yank-nth-arg": yankArgument,
  "yank-pop": yankPop,
};

/** Commands that cut: a cut that follows another joins it. */
export const CUTS: ReadonlySet<CommandName> = new Set([
  "backward-kill-line",
  "backward-kill-word",
  "kill-line",
  "kill-whole-line",
  "kill-word",
  "unix-line-discard",
  "unix-word-rubout",
]);
