import type { Replacement } from "./cases.ts";

const UID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** What is generated for a Pod of a Deployment: `-TEMPLATE-SUFFIX`. */
const POD = /-([bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5})\b/g;
const AGE = /(^|[ (])(?:\d+y\d+d|\d+[yd]|\d+d\d+h|\d+h\d+m|\d+h|\d+m\d+s|\d+m|\d+s)(?=$|[ )])/gm;
const TIMES = [
  /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g,
  /\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4}( UTC)?/g,
  /\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g,
];

/** What differs from run to run, made alike: as shared/tools/parity.mjs does, so that both call the same lines alike. */
export function normal(text: string, replacements: readonly Replacement[], home = "<home>"): string {
  let out = numbered(text.replaceAll("\r\n", "\n"), UID, "uid")
    .replace(/(resourceVersion"?: ?"?)\d+/gi, "$1<rv>")
    .replace(/(observedGeneration|generation)("?: )\d+/g, "$1$2<gen>");
  for (const time of TIMES) out = out.replace(time, "<time>");
  out = out
    .replace(AGE, "$1x")
    .split("\n")
    .map((line) => (/ x( |$)|\bAGE\b|LAST SEEN/.test(line) ? line.replace(/ {2,}/g, "  ").trimEnd() : line))
    .join("\n");
  out = numbered(out, POD, "pod")
    .replaceAll(home, "<home>")
    .replace(/\/tmp\/(LIVE|MERGED)-\d+/g, "/tmp/$1-<n>")
    .replace(/^[EIW]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /gm, "<klog> ");
  return replacements.reduce((so, { pattern, by }) => so.replace(pattern, by), out);
}

/** The first of them that is met becomes `<TAG1>`, the second `<TAG2>`, …: to mix two up stays a difference. */
function numbered(text: string, pattern: RegExp, tag: string): string {
  const met = new Map<string, string>();
  return text.replace(pattern, (whole: string, group: unknown) => {
    const key = typeof group === "string" ? group : whole;
    let name = met.get(key);
    if (name === undefined) met.set(key, (name = `<${tag}${met.size + 1}>`));
    return whole.replace(key, name);
  });
}
