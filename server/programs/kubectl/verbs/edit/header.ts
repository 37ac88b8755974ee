/** Why an edit has to be done again. */
export interface Reason {
  readonly head: string;
  readonly details: readonly string[];
}

/** Above what is on the server. */
export const LIVE = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** The comment above what is edited (kubectl pkg/cmd/util/editor/editoptions.go editHeader). */
export function header(explanation: string, reasons: readonly Reason[]): string {
  const commented = (text: string): string => text.replaceAll("\n", "\n# ");
  const told = reasons.map(({ head, details }) => {
    const lines = details.map((detail) => `# * ${commented(detail)}\n`).join("");
    return `# ${commented(head)}${details.length > 0 ? ":" : ""}\n${lines}#\n`;
  });
  return explanation + told.join("");
}

/** A text without comments at its beginning, as an editor gets it again (cmdutil.ManualStrip). */
export function withoutComments(text: string): string {
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  return lines.join("\n");
}
