import { bool, list, text, type ValuesOf } from "../cobra/flag.ts";
import { MANIFESTS } from "../cobra/offer.ts";
import type { FilenameOptions } from "./sources.ts";

/** `-f`, `-k` and `-R`. */
export const FILENAME_FLAGS = {
  filename: list("Files, folders or URLs to read objects from; - is standard input.", {
    shorthand: "f",
    offer: MANIFESTS,
  }),
  kustomize: text("A kustomization folder to build. Not together with -f or -R.", { shorthand: "k" }),
  recursive: bool("Read folders given with -f with all that is below them.", { shorthand: "R" }),
} as const;

export function filenameOptions(flags: ValuesOf<typeof FILENAME_FLAGS>): FilenameOptions {
  return { filenames: flags.filename, kustomize: flags.kustomize, recursive: flags.recursive };
}

export function noFiles({ filenames, kustomize }: FilenameOptions): boolean {
  return filenames.length === 0 && kustomize === "";
}
