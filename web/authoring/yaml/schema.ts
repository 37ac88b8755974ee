/** As much of JSON Schema as the schema of lab.yaml uses. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly title?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
}

export interface Offer {
  readonly label: string;
  /** Its type or what it stands for, in a word or two. */
  readonly detail: string;
  readonly documentation: string;
}

const DEEPEST = 12;

/** The schemas that what a path leads to may have. */
export function schemasAt(root: Schema, path: readonly (string | number)[]): Schema[] {
  let found = alternatives(root, root);
  for (const step of path)
    found = found.flatMap((schema) => below(schema, step)).flatMap((next) => alternatives(root, next));
  return found;
}

/** Fields that a map with one of these schemas may have. */
export function fields(root: Schema, schemas: readonly Schema[]): Offer[] {
  const offers = new Map<string, Offer>();
  for (const schema of schemas)
    for (const [label, field] of Object.entries(schema.properties ?? {})) {
      const needed = schema.required?.includes(label) ? ", needed" : "";
      const documentation = wordsOf(root, field);
      const known = offers.get(label);
      if (known && known.documentation !== "") continue;
      offers.set(label, { label, detail: `${typeOf(root, field)}${needed}`, documentation });
    }
  return [...offers.values()];
}

/** Values that one of these schemas names. */
export function values(schemas: readonly Schema[]): Offer[] {
  const offers = new Map<string, Offer>();
  const add = (value: unknown, schema: Schema): void => {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return;
    const detail = schema.default === value ? "default" : "";
    offers.set(String(value), { label: String(value), detail, documentation: schema.description ?? "" });
  };
  for (const schema of schemas) {
    if (schema.const !== undefined) add(schema.const, schema);
    for (const value of schema.enum ?? []) add(value, schema);
    if (schema.type === "boolean") for (const value of [true, false]) add(value, schema);
  }
  return [...offers.values()];
}

/** What the schemas say of a place, for people: every description once. */
export function documentation(root: Schema, schemas: readonly Schema[]): string {
  return [...new Set(schemas.map((schema) => wordsOf(root, schema)).filter((words) => words !== ""))].join("\n\n");
}

/** Its description, or that of its only alternative with one. */
function wordsOf(root: Schema, schema: Schema): string {
  if (schema.description !== undefined) return schema.description;
  const inner = alternatives(root, schema).flatMap(({ description }) =>
    description === undefined ? [] : [description],
  );
  return [...new Set(inner)].slice(0, 2).join("\n\n");
}

/** `text`, `number`, `fields`, `list`, or the values that it may have if they are few. */
export function typeOf(root: Schema, schema: Schema): string {
  const words: Readonly<Record<string, string>> = {
    string: "text",
    integer: "number",
    object: "fields",
    array: "list",
    boolean: "true or false",
  };
  const all = alternatives(root, schema).flatMap((each) => {
    if (each.const !== undefined) return [JSON.stringify(each.const)];
    if (each.enum) return each.enum.length <= 4 ? each.enum.map(String) : ["text"];
    return [each.type ?? []].flat().map((type) => words[type] ?? type);
  });
  return [...new Set(all)].slice(0, 4).join(" | ");
}

function below(schema: Schema, step: string | number): Schema[] {
  if (typeof step === "number") {
    const item = schema.prefixItems?.[step] ?? schema.items;
    return typeof item === "object" ? [item] : [];
  }
  const own = schema.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined;
  if (own) return [own];
  return typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
}

/** A schema, or those that it stands for. */
function alternatives(root: Schema, schema: Schema, depth = 0): Schema[] {
  if (depth > DEEPEST) return [];
  const { $ref, anyOf, oneOf, allOf } = schema;
  const parts = [
    ...($ref === undefined ? [] : [resolve(root, $ref)]),
    ...(anyOf ?? []),
    ...(oneOf ?? []),
    ...(allOf ?? []),
  ];
  const inner = parts.flatMap((part) => alternatives(root, part, depth + 1));
  // What stands around alternatives is said of each of them.
  const around = schema.properties ?? schema.items ?? schema.enum ?? schema.const ?? schema.additionalProperties;
  return parts.length === 0 || around !== undefined ? [schema, ...inner] : inner;
}

function resolve(root: Schema, reference: string): Schema {
  if (reference === "#") return root;
  return root.$defs?.[reference.replace(/^#\/\$defs\//, "")] ?? {};
}
