import { createHash } from "node:crypto";

/** What an answer looks like without what differs from run to run: keys and types, and the words of a Status. */
export function shapeOf(body: string, type: string): string {
  if (!type.includes("json")) return `${type.split(";")[0]} ${body === "" ? "empty" : "text"}`;
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return lines.length > 0 ? "stream" : "empty";
  }
  const { kind, message, reason } = value as { kind?: string; message?: string; reason?: string };
  if (kind === "Status") return `Status ${String(reason)} ${normal(String(message))}`;
  // Discovery and OpenAPI grow with every kind.
  if (kind === undefined || /^API|Discovery/.test(kind)) return "document";
  const text = described(value, 0);
  return `${kind} ${createHash("sha1").update(text).digest("hex").slice(0, 12)}`;
}

/** Fields whose being there depends on how far the cluster has come. */
const PASSING = new Set(["status", "managedFields", "nodeName", "deletionTimestamp", "annotations", "labels", "continue", "remainingItemCount"]); // prettier-ignore

function described(value: unknown, depth: number): string {
  if (Array.isArray(value))
    return `[${[...new Set(value.map((each) => described(each, depth + 1)))].sort().join("|")}]`;
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  const { kind, columnDefinitions } = value as { kind?: unknown; columnDefinitions?: unknown };
  if (kind === "Table") return `Table ${JSON.stringify(columnDefinitions)}`;
  const isList = typeof kind === "string" && kind.endsWith("List");
  if (isList) return kind;
  const fields = Object.entries(value).filter(([key]) => !PASSING.has(key));
  return `{${fields
    .map(([key, each]) => `${key}:${described(each, depth + 1)}`)
    .sort()
    .join(",")}}`;
}

const RULES: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "‹uid›"],
  [/\b[0-9a-f]{64}\b/g, "‹id›"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, "‹time›"],
  [/\b\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\b/g, "‹time›"],
  // How often a rollout is looked at while it goes on.
  [/^Waiting for .*\n/gm, ""],
  [/\b[EIWF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /g, "‹klog› "],
  [/127\.0\.0\.1:\d{4,5}/g, "‹server›"],
  [/\b10\.\d+\.\d+\.\d+\b/g, "‹ip›"],
  [/(-[0-9a-z]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "-‹name›"],
  [/\b(?:\d+d)?(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?s\b|\b\d+[dhm](?:\d+[hms])*\b/g, "‹age›"],
  [/resourceVersion=\d+/g, "resourceVersion=‹rv›"],
  [/\bpid \d+|\b\d{4,7} Terminated/g, "‹pid›"],
];

/** Text without what differs from run to run: ages, times, uids, addresses, drawn names; columns are as narrow as can be. */
export function normal(text: string, home = ""): string {
  let shown = home === "" ? text : text.replaceAll(home, "‹home›");
  for (const [pattern, word] of RULES) shown = shown.replace(pattern, word);
  return shown.replace(/ {2,}/g, "  ").replace(/[ \t]+$/gm, "");
}
