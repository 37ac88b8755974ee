import { selectorOf, selectorText, type LabelSelector } from "../../../sim/kube/api/index.ts";

/** A LabelSelector as `describe` shows it: `a=b,c in (d,e)`, `<none>` if it is empty (metav1.FormatLabelSelector). */
export function formatSelector(selector: LabelSelector | undefined): string {
  if (!selector) return "<none>";
  const parsed = selectorOf(selector);
  if (typeof parsed === "object" && "error" in parsed) return "<error>";
  const text = parsed === "nothing" ? "" : selectorText(parsed);
  return text === "" ? "<none>" : text;
}
