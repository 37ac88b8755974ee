import { wordWrap } from "./word-wrap.ts";

/** A schema of the server's OpenAPI v3, as far as it is explained. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, { readonly [extension: string]: unknown }>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** How wide descriptions of a whole are, and how many values of an enum stand in a list of fields. */
const WIDTH = 76;
const VALUES = 4;

const METHODS = ["get", "post", "put", "patch", "delete"];

/** What is printed before an error, and the error. */
export interface Explained {
  readonly text: string;
  readonly error?: string;
}

/**
 * What `kubectl explain` prints of a resource or one of its fields: kubectl pkg/explain/v2, template `plaintext`, which
 * walks the document as it is and knows no types.
 */
export function explain(
  document: Document,
  { group, version, resource }: { readonly group: string; readonly version: string; readonly resource: string },
  path: readonly string[],
  recursive: boolean,
): Explained {
  const prefix = `${group === "" ? "/api" : `/apis/${group}`}/${version}`;
  const gvk = kindAt(document, [
    `${prefix}/${resource}`,
    `${prefix}/${resource}/{name}`,
    `${prefix}/namespaces/{namespace}/${resource}`,
    `${prefix}/namespaces/{namespace}/${resource}/{name}`,
  ]);
  if (!gvk)
    return {
      text: "",
      error: `GVR (${group}/${version}, Resource=${resource}) not found in OpenAPI schema`,
    };
  const head = `${gvk.group === "" ? "" : `GROUP:      ${gvk.group}\n`}KIND:       ${gvk.kind}\nVERSION:    ${gvk.version}\n\n`;
  const schema = Object.values(document.components?.schemas ?? {}).find((one) =>
    one["x-kubernetes-group-version-kind"]?.some(
      (named) => named.group === gvk.group && named.version === gvk.version && named.kind === gvk.kind,
    ),
  );
  const found = schema && new Explainer(document, recursive).output(schema, path, new Set());
  if (found) return { text: `${head}${found}\n` };
  const error = schema
    ? `field "${path.at(-1) ?? ""}" does not exist`
    : `GVK map[group:${gvk.group} kind:${gvk.kind} version:${gvk.version}] not found in OpenAPI schema`;
  return { text: head, error };
}

function kindAt(document: Document, paths: readonly string[]): GroupVersionKind | undefined {
  let found: GroupVersionKind | undefined;
  for (const path of paths) {
    const operations = document.paths?.[path];
    if (!operations) continue;
    for (const method of METHODS) {
      const named = operations[method]?.["x-kubernetes-group-version-kind"];
      if (!named) continue;
      found = named as GroupVersionKind;
      break;
    }
  }
  return found;
}

class Explainer {
  readonly #document: Document;
  readonly #recursive: boolean;

  constructor(document: Document, recursive: boolean) {
    this.#document = document;
    this.#recursive = recursive;
  }

  /** The explanation of what a path of fields leads to; empty if it leads nowhere. */
  output(schema: Schema, path: readonly string[], seen: ReadonlySet<string>): string {
    const { $ref = "" } = schema;
    const resolved = this.#resolve(schema);
    const [field] = path;
    if (field === undefined) {
      const description = this.#description(resolved) || "<empty>";
      const fields = this.#fields(resolved, 1, new Set());
      return `DESCRIPTION:\n${indent(4, wordWrap(description, WIDTH))}\n${fields === "" ? "" : `FIELDS:\n${fields}`}`;
    }
    if ($ref !== "" && seen.has($ref)) return "";
    const next = new Set([...seen, $ref]);
    const property = resolved.properties?.[field];
    if (property) {
      const head = `FIELD: ${field} <${this.#typeOf(property)}>\n${longEnum(property)}\n\n`;
      return (path.length === 1 ? head : "") + this.output(property, path.slice(1), new Set());
    }
    if (resolved.items) return this.output(resolved.items, path, next);
    if (typeof resolved.additionalProperties === "object")
      return this.output(resolved.additionalProperties, path, next);
    for (const one of resolved.allOf ?? []) {
      const found = this.output(one, path, next);
      if (found !== "") return found;
    }
    return "";
  }

  #resolve(schema: Schema): Schema {
    if (!schema.$ref) return schema;
    return this.#document.components?.schemas?.[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)] ?? schema;
  }

  /** The descriptions of a schema and of all that it stands for, each with a line feed. */
  #description(schema: Schema): string {
    const resolved = this.#resolve(schema);
    let text = resolved.description ? `${resolved.description}\n` : "";
    for (const one of resolved.allOf ?? []) text += this.#description(one);
    if (resolved.items) text += this.#description(resolved.items);
    if (typeof resolved.additionalProperties === "object") text += this.#description(resolved.additionalProperties);
    return text;
  }

  #fields(schema: Schema, level: number, seen: ReadonlySet<string>): string {
    const { $ref = "" } = schema;
    if ($ref !== "" && seen.has($ref)) return "";
    const next = new Set([...seen, $ref]);
    const resolved = this.#resolve(schema);
    const { properties = {}, allOf = [], items, additionalProperties } = resolved;
    let text = "";
    for (const name of Object.keys(properties).sort()) {
      text += this.#field(resolved, name, level);
      if (this.#recursive) text += this.#fields(properties[name]!, level + 1, next);
    }
    for (const one of allOf) text += this.#fields(one, level, next);
    if (items) text += this.#fields(items, level, next);
    if (typeof additionalProperties === "object") text += this.#fields(additionalProperties, level, next);
    return text;
  }

  #field({ properties, required }: Schema, name: string, level: number): string {
    const schema = properties![name]!;
    const margin = level * 2;
    const needed = required?.includes(name) ? " -required-" : "";
    const line = `${indent(margin, name)}\t<${this.#typeOf(schema)}>${needed}${shortEnum(schema, margin)}\n`;
    if (this.#recursive) return line;
    const description = schema.description || "<no description>";
    return `${line}${indent(margin + 2, wordWrap(description, WIDTH + 2 - margin))}\n\n`;
  }

  #typeOf(schema: Schema): string {
    if (schema.items) return `[]${this.#typeOf(schema.items)}`;
    if (typeof schema.additionalProperties === "object")
      return `map[string]${this.#typeOf(schema.additionalProperties)}`;
    if (schema.allOf?.length === 1 && !schema.properties) return this.#typeOf(schema.allOf[0]!);
    if (schema.$ref) {
      const { type } = this.#resolve(schema);
      if (type !== undefined && type !== "object") return type;
      return (
        schema.$ref
          .slice(schema.$ref.lastIndexOf("/") + 1)
          .split(".")
          .at(-1) || "Object"
      );
    }
    return schema.type === "object" ? "Object" : (schema.type ?? "Object");
  }
}

function longEnum({ enum: values }: Schema): string {
  return values ? `ENUM:${values.map((value) => `\n    ${shown(value)}`).join("")}` : "";
}

function shortEnum({ enum: values }: Schema, margin: number): string {
  if (!values) return "";
  const rest = values.length > VALUES ? ", ...." : "";
  return `\n${" ".repeat(margin)}enum: ${values.slice(0, VALUES).map(shown).join(", ")}${rest}`;
}

function shown(value: unknown): string {
  return value === "" ? '""' : String(value);
}

function indent(amount: number, text: string): string {
  const margin = " ".repeat(amount);
  return margin + text.replaceAll("\n", `\n${margin}`);
}
