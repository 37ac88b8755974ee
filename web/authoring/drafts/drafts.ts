import { z } from "zod";

/** A lab as it is being written, kept by this browser until it is saved. */
export const Draft = z.object({
  files: z.record(z.string(), z.string()),
  /** Hash of the files on the server that it began with; null if there were none. */
  base: z.string().nullable(),
  /** When somebody last wrote in it, in milliseconds since 1970. */
  at: z.number(),
});
export type Draft = z.infer<typeof Draft>;
export type Files = Readonly<Record<string, string>>;

/** As much of localStorage as drafts need. */
export type Keep = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "drydock.lab-draft.";

export function recallDraft(keep: Keep, name: string): Draft | undefined {
  try {
    return Draft.safeParse(JSON.parse(keep.getItem(PREFIX + name) ?? "null")).data;
  } catch {
    return undefined;
  }
}

/** What is kept of a draft, to be compared: another window may have written meanwhile. Null: nothing. */
export function keptText(keep: Keep, name: string): string | null {
  try {
    return keep.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Whether what changed in the browser's storage, by another window, is this draft. */
export function isKeptAs(key: string | null, name: string): boolean {
  return key === null || key === PREFIX + name;
}

/** Whether it was kept: a browser may refuse, or be full. */
export function keepDraft(keep: Keep, name: string, draft: Draft): boolean {
  try {
    keep.setItem(PREFIX + name, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function forgetDraft(keep: Keep, name: string): void {
  try {
    keep.removeItem(PREFIX + name);
  } catch {
    // What cannot be written was not kept either.
  }
}

/** Names of labs with a draft in this browser, in the order of the alphabet. */
export function draftNames(keep: Keep): string[] {
  const names: string[] = [];
  for (let at = 0; at < keep.length; at++) {
    const key = keep.key(at);
    if (key?.startsWith(PREFIX)) names.push(key.slice(PREFIX.length));
  }
  return names.sort();
}

export function sameFiles(a: Files, b: Files): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** The file that says what it is: a lab, or an exam. */
export function mainFile(files: Files): "lab.yaml" | "exam.yaml" {
  return Object.hasOwn(files, "exam.yaml") ? "exam.yaml" : "lab.yaml";
}

/** The files of a lab or an exam under another id. */
export function renamedLab(files: Files, id: string): Record<string, string> {
  const main = mainFile(files);
  return { ...files, [main]: (files[main] ?? "").replace(/^id:.*$/m, `id: ${id}`) };
}

/** Why a file of a lab cannot be called so; undefined if it can. */
export function fileNameProblem(files: Files, name: string): string | undefined {
  if (!/^(?:[A-Za-z0-9][\w.-]*\/){0,3}[A-Za-z0-9][\w.-]*$/.test(name) || name.length > 120)
    return "Letters, digits, '.', '-' and '_', in at most three folders joined by /: setup/shop.yaml.";
  if (Object.hasOwn(files, name)) return "There is such a file already.";
  if (Object.keys(files).some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`)))
    return "A file cannot be a folder as well.";
  return undefined;
}

/** Puts drawn values in for `{{name}}`, as the server does for texts. */
export function withValues(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name: string) => values[name] ?? whole);
}
