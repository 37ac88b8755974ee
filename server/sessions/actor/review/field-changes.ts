import type { FieldChange } from "../../protocol/index.ts";

const MOST = 30;
const LONGEST = 200;

/** What changes with every write, and what others report of an object. */
const OF_NO_INTEREST: ReadonlySet<string> = new Set([
  "metadata.managedFields",
  "metadata.resourceVersion",
  "metadata.generation",
  "status",
]);

/** Which fields differ between two objects, the innermost ones: `spec.selector.app` was "a" and is "b". */
export function fieldChanges(before: unknown, after: unknown): { fields: FieldChange[]; more: boolean } {
  const fields: FieldChange[] = [];
  const visit = (from: unknown, to: unknown, path: string): void => {
    if (fields.length > MOST || OF_NO_INTEREST.has(path) || from === to) return;
    const keys = keysOf(from, to);
    if (keys === undefined) {
      const [was, is] = [written(from), written(to)];
      if (was !== is)
        fields.push({ path, ...(was === undefined ? {} : { from: was }), ...(is === undefined ? {} : { to: is }) });
    } else for (const key of keys) visit(valueOf(from, key), valueOf(to, key), join(path, key, Array.isArray(to)));
  };
  visit(before, after, "");
  return { fields: fields.slice(0, MOST), more: fields.length > MOST };
}

/** Keys to look into; undefined if one of the two is no object or they are of another shape. */
function keysOf(from: unknown, to: unknown): string[] | undefined {
  if (typeof from !== "object" || typeof to !== "object" || from === null || to === null) return undefined;
  if (Array.isArray(from) !== Array.isArray(to)) return undefined;
  return [...new Set([...Object.keys(from), ...Object.keys(to)])];
}

function valueOf(object: unknown, key: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[key];
}

function join(path: string, key: string, list: boolean): string {
  if (list) return `${path}[${key}]`;
  const name = /^[\w-]+$/.test(key) ? key : `["${key}"]`;
  return path === "" || name !== key ? path + name : `${path}.${name}`;
}

function written(value: unknown): string | undefined {
  const text = JSON.stringify(value) as string | undefined;
  return text !== undefined && text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
