/** Terminal columns of text, as wcwidth(3): 0 for combining and control characters, 2 for wide ones. */

const COMBINING = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const ASCII = /^[ -~]*$/;

export function columnsOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const char of text) columns += COMBINING.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return columns;
}

/** The text filled up with spaces to so many columns. */
export function padColumns(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** As much of the text as fits. */
export function cutColumns(text: string, columns: number): string {
  if (ASCII.test(text)) return text.slice(0, columns);
  let out = "";
  let used = 0;
  for (const char of text) {
    used += columnsOf(char);
    if (used > columns) return out;
    out += char;
  }
  return out;
}
