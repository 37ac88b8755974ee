import { isScalar, LineCounter, parseAllDocuments, visit } from "yaml";
import { lineProblems } from "./lines.ts";

/** Words that YAML 1.1, which Kubernetes reads, takes for booleans. */
const BOOLEANS = /^(?:y|yes|n|no|on|off)$/i;
/** Digits that it takes for an octal number. */
const OCTAL = /^0[0-7]+$/;

/** YAML that means something else than it looks like, or is not tidy. Files that cannot be read are others' business. */
export function yamlProblems(place: string, text: string): string[] {
  const lines = new LineCounter();
  // A variant stands for any text: one of the same length keeps the columns.
  const filled = text.replaceAll("\r\n", "\n").replace(/\{\{[^{}]*\}\}/g, (name) => "v".repeat(name.length));
  const problems: string[] = [];
  for (const document of parseAllDocuments(filled, { lineCounter: lines, prettyErrors: false })) {
    if (document.errors.length > 0) continue;
    visit(document, {
      Scalar(key, { type, source, range }) {
        if (key === "key" || type !== "PLAIN" || source === undefined || !range) return;
        const { line, col } = lines.linePos(range[0]);
        if (BOOLEANS.test(source))
          problems.push(
            `${place}:${line}:${col}: ${source} is a boolean to Kubernetes: write true or false, or "${source}"`,
          );
        else if (OCTAL.test(source))
          problems.push(
            `${place}:${line}:${col}: ${source} is an octal number to Kubernetes: write "${source}" for the text`,
          );
      },
      Pair(_, { key, value }) {
        if (!isScalar(key) || !isScalar(value) || value.value !== null || value.source !== "" || !key.range) return;
        const { line, col } = lines.linePos(key.range[0]);
        problems.push(
          `${place}:${line}:${col}: ${String(key.value)} has no value: write null, {} or [] if that is meant`,
        );
      },
    });
  }
  return [...lineProblems(place, text), ...problems];
}
