import { DEFAULT_NAMES } from "../netfilter/names.ts";
import type { Namespace } from "../namespace.ts";
import { linkNames } from "./listing.ts";
import { nftablesOf } from "./nftables.ts";
import { rightText, verdictText } from "./print-rule.ts";
import type { Verdict } from "./row.ts";

/** What a set or verdict map holds, as it would be written: keys to verdicts (empty for sets). `set`: `ip kube-proxy service-ips`. */
export function elementTexts(ns: Namespace, set: string): Map<string, string> {
  const out = new Map<string, string>();
  const row = nftablesOf(ns).sets.get(set);
  if (!row) return out;
  const style = { numeric: false, service: false, context: { names: DEFAULT_NAMES, ...linkNames(ns) } };
  for (const { key, data } of row.elements) {
    const text = key.map((part, at) => rightText(part, row.key[at]!, style)).join(" . ");
    out.set(text, data === undefined || Array.isArray(data) ? "" : verdictText(data as Verdict));
  }
  return out;
}
