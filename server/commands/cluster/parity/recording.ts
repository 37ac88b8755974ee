import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readCases, type Case, type CaseFile } from "./cases.ts";
import { normal } from "./normal.ts";
import type { LineResult } from "../line.ts";

/** What the real kubectl did with a case, normalised. */
export interface Recorded extends LineResult {
  readonly line: string;
  /** Of the line, what runs before it and its input: whether this is a recording of the case as it stands now. */
  readonly of: string;
}

const here = import.meta.dirname;
/** What lines may name with `-f`. */
export const FILES = join(here, "files");

export function caseFileNames(): string[] {
  const files = readdirSync(join(here, "cases")).filter((file) => file.endsWith(".txt"));
  return files.map((file) => file.slice(0, -".txt".length)).sort();
}

export function caseFile(name: string): CaseFile {
  return readCases(readFileSync(join(here, "cases", `${name}.txt`), "utf8"));
}

export function recordingPath(name: string): string {
  return join(here, "recorded", `${name}.json`);
}

/** None of a file that nobody has recorded yet. */
export function recording(name: string): Recorded[] {
  if (!existsSync(recordingPath(name))) return [];
  return JSON.parse(readFileSync(recordingPath(name), "utf8")) as Recorded[];
}

export function fingerprint({ line, setup, stdin }: Case): string {
  return createHash("sha256")
    .update(JSON.stringify([line, setup, stdin ?? ""]))
    .digest("hex")
    .slice(0, 8);
}

/** What of two results is compared, by the directives of the case. */
export function compared(
  one: Case,
  { replacements }: CaseFile,
  { stdout, stderr, rc }: LineResult,
): Partial<LineResult> {
  if (one.codeOnly) return { rc };
  const lines = (text: string): string => {
    const same = normal(text, replacements);
    return one.unordered ? same.split("\n").sort().join("\n") : same;
  };
  return { stdout: lines(stdout), stderr: lines(stderr), rc };
}
