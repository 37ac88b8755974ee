import { encodeJson, isFailure } from "../../output/index.ts";
import { readYaml } from "../../yaml/read.ts";

/** Why an edit has to be done again. */
export interface Reason {
  readonly head: string;
  readonly details: readonly string[];
}

export const EDIT_OBJECT = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

export const EDIT_LAST_APPLIED = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
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

/** Whether two texts say the same: as objects, or if they are none, as lines (cmdutil.StripComments). */
export function sameContent(one: string, other: string): boolean {
  return stripped(one) === stripped(other);
}

function stripped(text: string): string {
  const read = readYaml(text);
  return isFailure(read) ? withoutComments(text) : encodeJson(read.value);
}
