/** Breaks lines at blanks so that they are at most so wide (github.com/mitchellh/go-wordwrap WrapString); longer words stay whole. */
export function wordWrap(text: string, limit: number): string {
  let out = "";
  let width = 0;
  let word = "";
  let blanks = "";
  const flush = (): void => {
    width += blanks.length + word.length;
    out += blanks + word;
    blanks = word = "";
  };
  for (const char of text) {
    if (char === "\n") {
      if (word !== "") flush();
      else if (width + blanks.length <= limit) out += blanks;
      blanks = "";
      out += char;
      width = 0;
    } else if (/\s/.test(char) && char !== "\u00a0") {
      if (blanks === "" || word !== "") flush();
      blanks += char;
    } else {
      word += char;
      if (width + word.length + blanks.length > limit && word.length < limit) {
        out += "\n";
        width = 0;
        blanks = "";
      }
    }
  }
  if (word !== "" || width + blanks.length <= limit) out += blanks;
  return out + word;
}
