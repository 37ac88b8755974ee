/**
 * Words of a line in the format of iptables-save: in quotes or bare, a backslash before a quote or backslash
 * (add_param_to_argv). Quotes that stay open end with the line.
 */
export function splitWords(line: string): string[] {
  return plainWords(line) ?? allWords(line);
}

/** Where quotes stand around whole words and nothing is behind a backslash, as in nearly all lines; else undefined. */
function plainWords(line: string): string[] | undefined {
  if (line.includes("\\") || line.includes("'") || line.includes("\t")) return undefined;
  const words: string[] = [];
  for (let at = 0; at < line.length;) {
    if (line[at] === " ") {
      at++;
      continue;
    }
    const quoted = line[at] === '"';
    const end = line.indexOf(quoted ? '"' : " ", at + 1);
    const stop = end < 0 ? line.length : end;
    const word = line.slice(quoted ? at + 1 : at, stop);
    if (quoted ? end < 0 || (line[end + 1] ?? " ") !== " " : word.includes('"')) return undefined;
    words.push(word);
    at = stop + 1;
  }
  return words;
}

function allWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (quote !== "") {
      if (char === "\\" && at + 1 < line.length) word += line[++at]!;
      else if (char === quote) quote = "";
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= "";
    } else if (char === " " || char === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}
