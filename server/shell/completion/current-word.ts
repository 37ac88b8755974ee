import { splitWords } from "../history/words.ts";

/** What `COMP_WORDBREAKS` is from the start. */
export const WORD_BREAKS = " \t\n\"'@><=;|&(:";

/** Separators that belong to the word behind them (rl_special_prefixes). */
const SPECIAL_PREFIXES = "$@";

/** The word before the cursor that is to be completed. */
export interface CurrentWord {
  /** Where what is replaced starts: behind an open quote. */
  readonly start: number;
  /** Its text without quotes and backslashes. */
  readonly text: string;
  readonly quote: "" | "'" | '"';
}

/** As rl_find_completion_word: from behind the last separator, or behind a quote that is open. */
export function currentWord(line: string, cursor: number, breaks: string): CurrentWord {
  let start = 0;
  let quote: CurrentWord["quote"] = "";
  let quoteAt = 0;
  for (let at = 0; at < cursor; at++) {
    const char = line[at]!;
    if (quote === "'") {
      if (char === "'") quote = "";
    } else if (char === "\\") at++;
    else if (quote === '"') {
      if (char === '"') quote = "";
    } else if (char === "'" || char === '"') {
      quote = char;
      quoteAt = at + 1;
    } else if (breaks.includes(char)) start = SPECIAL_PREFIXES.includes(char) ? at : at + 1;
  }
  if (quote !== "") return { start: quoteAt, text: unquote(line.slice(quoteAt, cursor), quote), quote };
  return { start, text: unquote(line.slice(start, cursor), ""), quote };
}

function unquote(text: string, quote: CurrentWord["quote"]): string {
  if (quote === "'") return text;
  if (quote === '"') return text.replace(/\\([$`"\\])/g, "$1");
  return text.replace(/\\(.)|['"]/gs, (_, char?: string) => char ?? "");
}

/** The simple command that the cursor is in. */
export interface CurrentCommand {
  readonly start: number;
  /** Its words, as `COMP_WORDS` has them, and which of them the cursor is in. */
  readonly words: readonly string[];
  readonly index: number;
  /** Is the word that is completed the name of a command? */
  readonly isName: boolean;
  /** Does a redirection stand before it? */
  readonly isFile: boolean;
}

/** Finds the command: behind the last `|`, `;`, `&`, `(` or keyword that a command follows. */
export function currentCommand(line: string, cursor: number, breaks: string): CurrentCommand {
  const start = commandStart(line.slice(0, cursor));
  const before = line.slice(start, cursor);
  const typed = splitWords(before);
  const open = before === "" || /[\s]$/.test(before);
  const done = open ? typed : typed.slice(0, -1);
  const rest = done.filter((word) => !/^[A-Za-z_]\w*\+?=/.test(word));
  const isFile = /^\d*(?:<|>|>>|>\||<>|&>|&>>)$/.test(done.at(-1) ?? "");
  const isName = !isFile && rest.every((word) => STARTERS.has(word));
  const words = breakWords(skipStarters(before), breaks);
  const index = open ? words.length : Math.max(words.length - 1, 0);
  const after = breakWords(line.slice(cursor).replace(/^\S*/, ""), breaks);
  return { start, words: open ? [...words, "", ...after] : [...words, ...after], index, isName, isFile };
}

/** Words behind which a command follows. */
const STARTERS = new Set(["if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "&&", "||", "|", "|&", ";", "&", "("]); // prettier-ignore

function skipStarters(text: string): string {
  return text.replace(/^\s*(?:(?:if|then|else|elif|while|until|do|!|\{|time|[A-Za-z_]\w*=\S*)\s+)*/, "");
}

function commandStart(text: string): number {
  let start = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\\" && quote !== "'") at++;
    else if (quote !== "") {
      if (char === quote) quote = "";
      else if (quote === '"' && char === "$" && text[at + 1] === "(") {
        quote = "";
        start = at + 2;
      }
    } else if (char === "'" || char === '"') quote = char;
    else if (/[|;&(`\n]/.test(char) && text[at - 1] !== ">" && text[at - 1] !== "<") start = at + 1;
  }
  return start;
}

/** Cuts at blanks; other separators are words of their own. Quotes stay. */
function breakWords(text: string, breaks: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  const end = (): void => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== "") {
      if (char === "\\" && quote === '"') word += char + (text[++at] ?? "");
      else {
        word += char;
        if (char === quote) quote = "";
      }
    } else if (char === "\\") word += char + (text[++at] ?? "");
    else if (char === "'" || char === '"') {
      word += char;
      quote = char;
    } else if (/\s/.test(char)) end();
    else if (breaks.includes(char)) {
      end();
      let run = char;
      while (at + 1 < text.length && breaks.includes(text[at + 1]!) && !/[\s'"]/.test(text[at + 1]!))
        run += text[++at]!;
      words.push(run);
    } else word += char;
  }
  end();
  return words;
}
