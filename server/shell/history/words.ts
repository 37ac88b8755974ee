/** Cuts a line into words as the shell's lexer would, quotes kept: for `!:1`, Alt-. and completion. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      at++;
      continue;
    }
    const end = wordEnd(line, at);
    words.push(line.slice(at, end));
    at = end;
  }
  return words;
}

const OPERATOR = /^(?:\d*(?:<<<|<<-?|<>|<&|>>|>&|>\||<|>)|&>>?|&&|\|\||;;&?|;&|\|&|[|&;()])/;

function wordEnd(line: string, start: number): number {
  const operator = OPERATOR.exec(line.slice(start));
  if (operator && !/^[<>]\(/.test(line.slice(start))) return start + operator[0].length;
  let at = start;
  let quote = "";
  while (at < line.length) {
    const char = line[at]!;
    if (quote !== "") {
      if (char === "\\" && quote === '"') at++;
      else if (char === quote) quote = "";
    } else if (char === "\\") at++;
    else if (char === "'" || char === '"' || char === "`") quote = char;
    else if ((char === "$" || char === "<" || char === ">") && line[at + 1] === "(") {
      at = closing(line, at + 1);
      continue;
    } else if (/[\s|&;()<>]/.test(char)) break;
    at++;
  }
  return Math.max(Math.min(at, line.length), start + 1);
}

function closing(line: string, open: number): number {
  let depth = 0;
  for (let at = open; at < line.length; at++) {
    if (line[at] === "(") depth++;
    else if (line[at] === ")" && --depth === 0) return at + 1;
  }
  return line.length;
}
