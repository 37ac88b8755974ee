import type { LabFolder } from "./folder.ts";

/** What stands in a text for bytes that are no UTF-8. */
const UNREADABLE = "\uFFFD";
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f]/;

/** Characters that no text of a lab has: each file is complained of once. */
export function characterProblems({ path, files }: LabFolder): string[] {
  return [...files].flatMap(([file, text]) => {
    const unreadable = text.indexOf(UNREADABLE);
    if (unreadable >= 0) return [`${place(path, file, text, unreadable)}: this is no UTF-8: save the file as UTF-8`];
    const control = text.search(CONTROL);
    if (control < 0) return [];
    const code = text.charCodeAt(control).toString(16).toUpperCase().padStart(4, "0");
    return [`${place(path, file, text, control)}: the character U+${code}, which nobody sees: take it away`];
  });
}

function place(path: string, file: string, text: string, at: number): string {
  const lines = text.slice(0, at).split("\n");
  return `${path}/${file}:${lines.length}:${lines.at(-1)!.length + 1}`;
}
