import { selectorOf, selectorText, type LabelSelector } from "../../api/index.ts";

/** A LabelSelector as metav1.FormatLabelSelector prints it: `<none>` for an empty one, `<error>` for a bad one. */
export function formatSelector(selector: LabelSelector | null | undefined): string {
  const parsed = selectorOf(selector);
  if (typeof parsed === "object" && "error" in parsed) return "<error>";
  return selectorText(parsed) || "<none>";
}
