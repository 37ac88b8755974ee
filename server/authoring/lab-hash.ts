import { createHash } from "node:crypto";

/** Of the names and texts of a lab's files, whatever their order. */
export function labHash(files: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}
