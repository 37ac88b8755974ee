/**
 * Makes one line of history of a command that was typed over several (`shopt -s cmdhist`): with `; ` where a newline
 * ended a command, a blank where none could end, a newline in quotes and here-documents. As bash_add_history.
 */
export function joinLines(lines: readonly string[]): string {
  let text = lines[0] ?? "";
  for (const line of lines.slice(1)) {
    const delimiter = delimiterAfter(text);
    // A backslash at the end goes with its newline.
    text = delimiter === "\\" ? text.slice(0, -1) + line : text + delimiter + line;
  }
  return text;
}

function delimiterAfter(text: string): string {
  if (openQuote(text) || /<<-?\s*['"\\]?\w/.test(text)) return "\n";
  if (/(^|[^\\])(\\\\)*\\$/.test(text)) return "\\";
  if (/(?:^|[\s;&|(])(?:then|do|else|elif|if|while|until|in|\{|!)\s*$|[|&(]\s*$|;;\s*$|\)\s*$|^\s*$|;\s*$/.test(text))
    return " ";
  return /\s#[^'"]*$|^#/.test(text) ? "\n" : "; ";
}

function openQuote(text: string): boolean {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\\" && quote !== "'") at++;
    else if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === "'" || char === '"' || char === "`") quote = char;
  }
  return quote !== "";
}
