import type { JsonObject, JsonValue, KubeObject } from "../../../sim/kube/api/index.ts";
import { formatValue } from "../output/index.ts";
import { writeAnnotations, writeLabels, type Description } from "./description.ts";
import type { DescribeSession, Subject } from "./session.ts";

const SHOWN_ABOVE = [
  ".metadata.managedFields",
  ".metadata.name",
  ".metadata.namespace",
  ".metadata.labels",
  ".metadata.annotations",
];
const ACRONYMS = ["API", "URL", "UID", "OSB", "GUID"];

/** Any object, field by field (kubectl pkg/describe genericDescriber). */
export async function describeGeneric(session: DescribeSession, subject: Subject): Promise<string> {
  const object = await session.get<KubeObject>(subject);
  const { metadata } = object;
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  writeContent(out, 0, object as unknown as JsonObject, "");
  await session.events(out, object, subject.mapping.kind);
  return out.text;
}

function writeContent(out: Description, level: number, content: JsonObject, prefix: string): void {
  for (const field of Object.keys(content).sort()) {
    const path = `${prefix}.${field}`;
    if (SHOWN_ABOVE.includes(path)) continue;
    const value = content[field]!;
    if (Array.isArray(value)) {
      out.line(level, `${labelFor(field)}:`);
      for (const item of value) {
        if (isMap(item)) writeContent(out, level + 1, item, path);
        else out.line(level + 1, formatValue(item));
      }
    } else if (isMap(value)) {
      out.line(level, `${labelFor(field)}:`);
      writeContent(out, level + 1, value, path);
    } else out.line(level, `${labelFor(field)}:\t${formatValue(value)}`);
  }
}

function isMap(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `leaseDurationSeconds` is `Lease Duration Seconds` (smartLabelFor). */
function labelFor(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const parts = field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[^\p{L}]+|\p{L}/gu) ?? [];
  return parts
    .map((part) =>
      ACRONYMS.includes(part.toUpperCase()) ? part.toUpperCase() : part[0]!.toUpperCase() + part.slice(1),
    )
    .join(" ");
}
