import { Errno, join, type Process } from "../../../sim/host/index.ts";

/** The paths that a pattern matches, sorted: `*`, `?` and `[…]` within each name (Go's filepath.Glob). */
export function glob(process: Process, pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [];
  let found = [pattern.startsWith("/") ? "/" : ""];
  for (const part of pattern.split("/").filter((name) => name !== "")) {
    const match = new RegExp(`^${partPattern(part)}$`, "s");
    found = found.flatMap((folder) =>
      /[*?[]/.test(part)
        ? namesIn(process, folder)
            .filter((name) => match.test(name))
            .map((name) => (folder === "" ? name : join(folder, name)))
        : [folder === "" ? part : join(folder, part)].filter((path) => process.host.files.exists(path, process)),
    );
  }
  return found;
}

function namesIn(process: Process, folder: string): string[] {
  try {
    return process.host.files.list(folder === "" ? "." : folder, process).sort();
  } catch (error) {
    if (error instanceof Errno) return [];
    throw error;
  }
}

function partPattern(part: string): string {
  return part.replace(/\\.|\[\^?[^\]]*\]|[*?]|[^\w]/gs, (token) => {
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token.startsWith("[") && token.length > 1) return token;
    return `\\${token.slice(-1)}`;
  });
}
