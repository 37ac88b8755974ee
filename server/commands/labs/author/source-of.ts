import { LabSource } from "../../../../labs/index.ts";
import type { LabDraft } from "../../../sessions/protocol/index.ts";

/** The draft as the loader reads it: messages begin with its name. Throws BadFile. */
export function sourceOf({ name, files }: LabDraft): LabSource {
  return new LabSource({ path: name, files: new Map(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) });
}
