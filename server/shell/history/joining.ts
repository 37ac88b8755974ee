/**
 * Makes one line of history of a command that was typed over several (`shopt -s cmdhist`): with `; ` where a newline
 * ended a command, a blank where none could end, a newline in quotes and here-documents. As bash_add_history.
 */
export function joinLines(lines: readonly string[]): string {
  const joined = new Joined();
  for (const [at, line] of lines.entries()) {
    if (joined.hereDocument) return [joined.text, ...lines.slice(at)].join("\n");
    joined.add(at === 0 ? "" : joined.delimiter(), line);
  }
  return joined.text;
}

/** So much of the end says how the last line ended. */
const END = 4096;

/** What has been joined, and what its lines have opened: each line is looked at once. */
class Joined {
  hereDocument = false;
  readonly #pieces: string[] = [];
  /** The last of it. */
  #end = "";
  #quote = "";
  #escaped = false;
  #comment = false;
  #startsWithComment = false;

  get text(): string {
    return this.#pieces.join("");
  }

  add(delimiter: string, line: string): void {
    const glued = delimiter === "\\";
    if (glued) {
      // A backslash at the end goes with its newline.
      this.#pieces.push(this.#pieces.pop()!.slice(0, -1));
      this.#end = this.#end.slice(0, -1);
      this.#escaped = false;
    }
    const piece = glued ? line : delimiter + line;
    this.#pieces.push(piece);
    this.#readQuotes(piece);
    const quoted = Math.max(piece.lastIndexOf("'"), piece.lastIndexOf('"'));
    if (/\s#/.test(quoted < 0 ? this.#end.slice(-1) + piece : piece.slice(quoted + 1))) this.#comment = true;
    else if (quoted >= 0) this.#comment = false;
    this.hereDocument = /<<-?\s*['"\\]?\w/.test(this.#end.slice(-64) + piece);
    this.#end = (this.#end + piece).slice(-END);
    if (this.#pieces.length === 1) this.#startsWithComment = piece.startsWith("#");
  }

  delimiter(): string {
    if (this.#quote !== "") return "\n";
    const end = this.#end;
    if (/(^|[^\\])(\\\\)*\\$/.test(end)) return "\\";
    if (/(?:^|[\s;&|(])(?:then|do|else|elif|if|while|until|in|\{|!)\s*$|[|&(]\s*$|;;\s*$|\)\s*$|^\s*$|;\s*$/.test(end))
      return " ";
    return this.#comment || this.#startsWithComment ? "\n" : "; ";
  }

  #readQuotes(piece: string): void {
    for (const char of piece) {
      if (this.#escaped) this.#escaped = false;
      else if (char === "\\" && this.#quote !== "'") this.#escaped = true;
      else if (this.#quote !== "") {
        if (char === this.#quote) this.#quote = "";
      } else if (char === "'" || char === '"' || char === "`") this.#quote = char;
    }
  }
}
