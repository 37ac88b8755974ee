/** What a key does; by readline's names. */
export type CommandName =
  | "abort" | "accept-line" | "backward-char" | "backward-delete-char" | "backward-kill-line" | "backward-kill-word"
  | "backward-word" | "beginning-of-history" | "beginning-of-line" | "bracketed-paste-begin" | "capitalize-word"
  | "character-search" | "character-search-backward" | "clear-screen" | "complete" | "delete-char"
  | "delete-horizontal-space" | "digit-argument" | "downcase-word" | "end-of-history" | "end-of-line"
  | "exchange-point-and-mark" | "forward-char" | "forward-search-history" | "forward-word" | "insert-comment"
  | "insert-completions" | "kill-line" | "kill-whole-line" | "kill-word" | "next-history" | "operate-and-get-next"
  | "possible-completions" | "previous-history" | "quoted-insert" | "reverse-search-history" | "revert-line"
  | "set-mark" | "shell-expand-line" | "tilde-expand" | "transpose-chars" | "transpose-words" | "undo"
  | "unix-line-discard" | "unix-word-rubout" | "upcase-word" | "yank" | "yank-last-arg" | "yank-nth-arg" | "yank-pop"
  | "history-expand-line" | "ignore" | "nothing"; // prettier-ignore

const ESC = "\x1b";

/** The keys of Emacs mode, with those of Debian's and Ubuntu's /etc/inputrc. */
const BINDINGS: readonly (readonly [string, CommandName])[] = [
  ["\x00", "set-mark"],
  ["\x01", "beginning-of-line"],
  ["\x02", "backward-char"],
  ["\x04", "delete-char"],
  ["\x05", "end-of-line"],
  ["\x06", "forward-char"],
  ["\x07", "abort"],
  ["\b", "backward-delete-char"],
  ["\t", "complete"],
  ["\n", "accept-line"],
  ["\x0b", "kill-line"],
  ["\x0c", "clear-screen"],
  ["\r", "accept-line"],
  ["\x0e", "next-history"],
  ["\x0f", "operate-and-get-next"],
  ["\x10", "previous-history"],
  ["\x11", "quoted-insert"],
  ["\x12", "reverse-search-history"],
  ["\x13", "forward-search-history"],
  ["\x14", "transpose-chars"],
  ["\x15", "unix-line-discard"],
  ["\x16", "quoted-insert"],
  ["\x17", "unix-word-rubout"],
  ["\x18\x15", "undo"],
  ["\x18\x18", "exchange-point-and-mark"],
  ["\x18\x7f", "backward-kill-line"],
  ["\x18\x07", "abort"],
  ["\x18*", "insert-completions"],
  ["\x19", "yank"],
  ["\x1d", "character-search"],
  ["\x1f", "undo"],
  ["\x7f", "backward-delete-char"],
  [`${ESC}\x07`, "abort"],
  [`${ESC}\x1d`, "character-search-backward"],
  [`${ESC}\x05`, "shell-expand-line"],
  [`${ESC}\b`, "backward-kill-word"],
  [`${ESC}\x7f`, "backward-kill-word"],
  [`${ESC}\x19`, "yank-nth-arg"],
  [`${ESC} `, "set-mark"],
  [`${ESC}#`, "insert-comment"],
  [`${ESC}&`, "tilde-expand"],
  [`${ESC}*`, "insert-completions"],
  [`${ESC}-`, "digit-argument"],
  [`${ESC}.`, "yank-last-arg"],
  [`${ESC}_`, "yank-last-arg"],
  [`${ESC}<`, "beginning-of-history"],
  [`${ESC}=`, "possible-completions"],
  [`${ESC}>`, "end-of-history"],
  [`${ESC}?`, "possible-completions"],
  [`${ESC}\\`, "delete-horizontal-space"],
  [`${ESC}^`, "history-expand-line"],
  [`${ESC}b`, "backward-word"],
  [`${ESC}c`, "capitalize-word"],
  [`${ESC}d`, "kill-word"],
  [`${ESC}f`, "forward-word"],
  [`${ESC}l`, "downcase-word"],
  [`${ESC}n`, "next-history"],
  [`${ESC}p`, "previous-history"],
  [`${ESC}r`, "revert-line"],
  [`${ESC}t`, "transpose-words"],
  [`${ESC}u`, "upcase-word"],
  [`${ESC}y`, "yank-pop"],
  [`${ESC}[A`, "previous-history"],
  [`${ESC}[B`, "next-history"],
  [`${ESC}[C`, "forward-char"],
  [`${ESC}[D`, "backward-char"],
  [`${ESC}[F`, "end-of-line"],
  [`${ESC}[H`, "beginning-of-line"],
  [`${ESC}OA`, "previous-history"],
  [`${ESC}OB`, "next-history"],
  [`${ESC}OC`, "forward-char"],
  [`${ESC}OD`, "backward-char"],
  [`${ESC}OF`, "end-of-line"],
  [`${ESC}OH`, "beginning-of-line"],
  [`${ESC}[1~`, "beginning-of-line"],
  [`${ESC}[2~`, "quoted-insert"],
  [`${ESC}[3~`, "delete-char"],
  [`${ESC}[4~`, "end-of-line"],
  [`${ESC}[5~`, "beginning-of-history"],
  [`${ESC}[6~`, "end-of-history"],
  [`${ESC}[7~`, "beginning-of-line"],
  [`${ESC}[8~`, "end-of-line"],
  [`${ESC}[1;5C`, "forward-word"],
  [`${ESC}[1;5D`, "backward-word"],
  [`${ESC}[1;3C`, "forward-word"],
  [`${ESC}[1;3D`, "backward-word"],
  [`${ESC}[5C`, "forward-word"],
  [`${ESC}[5D`, "backward-word"],
  [`${ESC}${ESC}[C`, "forward-word"],
  [`${ESC}${ESC}[D`, "backward-word"],
  [`${ESC}[3;5~`, "kill-word"],
  [`${ESC}[200~`, "bracketed-paste-begin"],
  ...[..."0123456789"].map((digit) => [`${ESC}${digit}`, "digit-argument"] as const),
];

const BY_KEYS = new Map(BINDINGS);
const PREFIXES = new Set(BINDINGS.flatMap(([keys]) => Array.from({ length: keys.length - 1 }, (_, at) => keys.slice(0, at + 1)))); // prettier-ignore

export type Key =
  | { readonly type: "command"; readonly name: CommandName; readonly keys: string }
  | { readonly type: "text"; readonly text: string };

/**
 * Takes the next key out of what was typed. Undefined: it is not complete yet. A sequence that means nothing is one key
 * that does nothing.
 */
export function nextKey(typed: string): { key: Key; length: number } | undefined {
  const first = typed[0]!;
  if (first >= " " && first !== "\x7f") {
    let end = 1;
    while (end < typed.length && typed[end]! >= " " && typed[end] !== "\x7f") end++;
    return { key: { type: "text", text: typed.slice(0, end) }, length: end };
  }
  let keys = "";
  for (const char of typed) {
    keys += char;
    const name = BY_KEYS.get(keys);
    if (name && !PREFIXES.has(keys)) return { key: { type: "command", name, keys }, length: keys.length };
    if (!PREFIXES.has(keys)) {
      const length = unknownLength(typed);
      return { key: { type: "command", name: "ignore", keys: typed.slice(0, length) }, length };
    }
  }
  return undefined;
}

/** The length of a sequence without meaning: a whole CSI sequence, or two characters. */
function unknownLength(typed: string): number {
  // oxlint-disable-next-line no-control-regex
  const sequence = /^\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|[^[O])/s.exec(typed);
  return sequence ? sequence[0].length : Math.min(typed.length, 2);
}
