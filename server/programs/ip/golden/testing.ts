import { readdirSync, readFileSync } from "node:fs";

/** A file that the recorder kept. */
export function fixture(path: string): string {
  return readFileSync(new URL(`fixtures/${path}`, import.meta.url), "utf8");
}

/** The transcripts of a group, by name. */
export function transcripts(group: string): string[] {
  return readdirSync(new URL(`fixtures/${group}`, import.meta.url)).map(
    (file) => `${group}/${file.replace(/\.t$/, "")}`,
  );
}
