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

/** What may be read during a lab: pages elsewhere, and our own with their text (Markdown); of its topics, if it names none. */
export type Documentation =
  | { readonly title: string; readonly url: string }
  | { readonly title: string; readonly text: string };

export function documentationOf({ docs, topics }: Pick<Lab, "docs" | "topics">): Documentation[] {
  const named = docs.length > 0 ? docs : topics.map((reference) => ({ reference }));
  return named.map((page) => {
    if ("url" in page) return page;
    const text = pageText(page.reference);
    return { title: /^# (.*)/.exec(text)?.[1] ?? page.reference, text: text.replace(/^# .*\n+/, "") };
  });
}

function pageText(reference: string): string {
  return readFileSync(join(import.meta.dirname, `${reference}.md`), "utf8");
}

/** Our own pages of a lab, by the path that they get on its terminal's machine. */
export function referencePages({ docs }: Pick<Lab, "docs">): readonly (readonly [path: string, text: string])[] {
  return docs.flatMap((page) => {
    if ("url" in page) return [];
    return [[`${FOLDER}/${page.reference}.md`, pageText(page.reference)] as const];
  });
}
