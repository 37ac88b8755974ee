/** The two lines of help at the bottom: keys and what they do, in nano's order, from top to bottom and left to right. */
export type Menu = readonly (readonly [key: string, what: string] | undefined)[];

export const MAIN: Menu = [
  ["^G", "Help"], ["^X", "Exit"], ["^O", "Write Out"], ["^R", "Read File"], ["^W", "Where Is"], ["^\\", "Replace"], ["^K", "Cut"], ["^U", "Paste"], ["^T", "Execute"], ["^J", "Justify"], ["^C", "Location"], ["^/", "Go To Line"],
  ["M-U", "Undo"], ["M-E", "Redo"], ["M-A", "Set Mark"], ["M-6", "Copy"], ["M-]", "To Bracket"], ["^Q", "Where Was"], ["M-Q", "Previous"], ["M-W", "Next"], ["^B", "Back"], ["^F", "Forward"],
]; // prettier-ignore

export const SEARCH: Menu = [
  ["^G", "Help"], ["^C", "Cancel"], ["M-C", "Case Sens"], ["M-R", "Reg.exp."], ["M-B", "Backwards"], ["^R", "Replace"], ["^P", "Older"], ["^N", "Newer"], ["^T", "Go To Line"],
]; // prettier-ignore
export const REPLACE: Menu = [
  ["^G", "Help"], ["^C", "Cancel"], ["M-C", "Case Sens"], ["M-R", "Reg.exp."], ["M-B", "Backwards"], ["^R", "No Replace"], ["^P", "Older"], ["^N", "Newer"],
]; // prettier-ignore
export const REPLACE_WITH: Menu = [
  ["^G", "Help"],
  ["^C", "Cancel"],
  ["^P", "Older"],
  ["^N", "Newer"],
];
export const WRITE: Menu = [
  ["^G", "Help"], ["^C", "Cancel"], ["M-D", "DOS Format"], ["M-M", "Mac Format"], ["M-A", "Append"], ["M-P", "Prepend"], ["M-B", "Backup File"], ["^T", "Browse"],
]; // prettier-ignore
export const INSERT: Menu = [["^G", "Help"], ["^C", "Cancel"], ["M-F", "New Buffer"], ["M-N", "No Conversion"], ["^X", "Execute Command"], ["^T", "Browse"]]; // prettier-ignore
export const GOTO: Menu = [
  ["^G", "Help"], ["^C", "Cancel"], ["^W", "Begin of Paragr."], ["^O", "End of Paragraph"], ["^Y", "First Line"], ["^V", "Last Line"], ["^T", "Go To Text"],
]; // prettier-ignore

/** As bottombars() of winio.c: as many columns as fit, each key in reverse video. */
export function bottomBars(menu: Menu, cols: number): [string, string] {
  const shown = menu.slice(0, Math.max(2, Math.floor((cols + 40) / 20) * 2));
  const pairs = Math.ceil(shown.length / 2);
  const width = Math.floor(cols / pairs);
  const rows: [string, string] = ["", ""];
  for (const [at, entry] of shown.entries()) {
    if (!entry) continue;
    const [key, what] = entry;
    // The last column takes what is left.
    const room = at >= shown.length - 2 ? cols - width * (pairs - 1) : width;
    const text = what.slice(0, Math.max(0, room - key.length - 1));
    const fill = Math.max(0, room - key.length - 1 - text.length);
    rows[at % 2 === 0 ? 0 : 1] += `\x1b[7m${key}\x1b[27m ${text}${" ".repeat(fill)}`;
  }
  return [rows[0].trimEnd(), rows[1].trimEnd()];
}
