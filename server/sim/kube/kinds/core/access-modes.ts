import { forbidden, notSupported, type FieldErrors } from "../../api/index.ts";

const SHORT: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

const SUPPORTED = Object.keys(SHORT).sort();
export const VOLUME_MODES = ["Block", "Filesystem"];

/** `RWO,ROX`, each once and in that order (pkg/apis/core/helper GetAccessModesAsString). */
export function accessModesCell(modes: readonly string[] | undefined): string {
  return Object.entries(SHORT)
    .filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

/** What is said of the modes one by one, and of ReadWriteOncePod beside others. */
export function validateAccessModes(modes: readonly string[], path: string): FieldErrors {
  const found: FieldErrors = modes
    .filter((mode) => !SUPPORTED.includes(mode))
    .map((mode) => notSupported(path, mode, SUPPORTED));
  const alone = modes.includes("ReadWriteOncePod");
  if (alone && modes.some((mode) => mode !== "ReadWriteOncePod" && SUPPORTED.includes(mode)))
    found.push(forbidden(path, "may not use ReadWriteOncePod with other access modes"));
  return found;
}
