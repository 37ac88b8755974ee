/** Why a name cannot be asked for: dig's words behind its own name, and its exit code. */
export function illegalName(name: string): { readonly words: string; readonly code: number } | undefined {
  const labels = name.replace(/\.$/, "").split(".");
  if (name !== "." && labels.includes("")) return { words: `'${name}' is not a legal name (empty label)`, code: 10 };
  if (labels.some((label) => label.length > 63))
    return {
      words: `'${name}' is not a legal IDNA2008 name (domain label longer than 63 characters), use +noidnin`,
      code: 1,
    };
  return undefined;
}
