import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../schema/lab.ts";

/** Where a learner finds our own pages on the machine of the lab's terminal. */
const FOLDER = "/usr/share/doc/drydock";

/** What stands below a lab's first prompt: what may be read, as links and as files in the terminal. Empty if there is nothing. */
export function documentationText({ docs }: Pick<Lab, "docs">): string {
  if (docs.length === 0) return "";
  const items = docs.map((page) =>
    "url" in page ? `[${page.title}](${page.url})` : `\`less ${FOLDER}/${page.reference}.md\``,
  );
  return `\n\n**Documentation:** ${items.join(" · ")}\n`;
}

/** Our own pages of a lab, by the path that they get on its terminal's machine. */
export function referencePages({ docs }: Pick<Lab, "docs">): readonly (readonly [path: string, text: string])[] {
  return docs.flatMap((page) => {
    if ("url" in page) return [];
    const text = readFileSync(join(import.meta.dirname, `${page.reference}.md`), "utf8");
    return [[`${FOLDER}/${page.reference}.md`, text] as const];
  });
}
