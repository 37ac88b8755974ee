/** The words that mean something where a command may begin (bash parse.y word_token_alist). */
export const RESERVED = new Set([
  "if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in",
  "function", "time", "{", "}", "!", "[[", "]]", "coproc",
]); // prettier-ignore

/** Reserved words that start a command. */
export function opens(word: string): boolean {
  return /^(if|case|for|select|while|until|function|time|\{|!|\[\[|coproc)$/.test(word);
}
