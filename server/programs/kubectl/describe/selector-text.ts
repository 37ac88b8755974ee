import { selectorOf, selectorText, type LabelSelector } from "../../../sim/kube/api/index.ts";
import { GoError } from "../errors/go-error.ts";

/** A LabelSelector as a query: `a=b,c in (d,e)` (labels.Selector.String); one that is null selects nothing. */
export function selectorString(of: LabelSelector | null): string {
  const parsed = selectorOf(of);
  if (typeof parsed === "object" && "error" in parsed) throw new GoError(parsed.error);
  return parsed === "nothing" ? "" : selectorText(parsed);
}

/** A LabelSelector as `describe` shows it: `a=b,c in (d,e)`, `<none>` if it is empty (metav1.FormatLabelSelector). */
export function formatSelector(selector: LabelSelector | undefined): string {
  if (!selector) return "<none>";
  const parsed = selectorOf(selector);
  if (typeof parsed === "object" && "error" in parsed) return "<error>";
  const text = parsed === "nothing" ? "" : selectorText(parsed);
  return text === "" ? "<none>" : text;
}
