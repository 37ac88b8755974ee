import type { z } from "zod";

type Schema = z.core.$ZodType;

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly items?: readonly Schema[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
  readonly in?: Schema;
  readonly defaultValue?: unknown;
}

/** A field as its schema describes it. */
export interface FieldWords {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** As YAML; undefined if there is none. */
  readonly fallback: string | undefined;
  readonly words: string;
}

/** Schemas with a section of their own, by their title. */
export function titleOf(schema: Schema): string | undefined {
  return metaOf(schema).title;
}

export function wordsOf(schema: Schema): string {
  return metaOf(schema).description ?? "";
}

/** The fields of an object; none, if it is something else. */
export function fieldsOf(schema: Schema): FieldWords[] {
  const { shape = {} } = plain(schema)._zod.def as Definition;
  return Object.entries(shape).flatMap(([name, field]) => {
    if ((plain(field)._zod.def as Definition).type === "never") return [];
    const fallback = defaultOf(field);
    return [
      {
        name,
        type: typeWords(field),
        required: !isOptional(field) && fallback === undefined,
        fallback,
        words: wordsBelow(field),
      },
    ];
  });
}

/** The alternatives of a union, those of unions in it among them; a schema that is none is its own. */
export function alternativesOf(schema: Schema): readonly Schema[] {
  const { options } = plain(schema)._zod.def as Definition;
  return options
    ? options.flatMap((option) => (titleOf(option) === undefined ? alternativesOf(option) : [option]))
    : [plain(schema)];
}

export function isObject(schema: Schema): boolean {
  return (plain(schema)._zod.def as Definition).shape !== undefined;
}

/** Objects that stand inside of a schema without a section of their own, by the path of the field. */
export function inlineObjects(schema: Schema, path: string): readonly (readonly [path: string, schema: Schema])[] {
  const { shape = {} } = plain(schema)._zod.def as Definition;
  return Object.entries(shape).flatMap(([name, field]) => {
    if (titled(field) !== undefined) return [];
    return alternativesOf(listed(field))
      .filter((one) => isObject(one) && fieldsOf(one).length > 1 && fieldsOf(one).some(({ words }) => words !== ""))
      .map((one) => [`${path}${name}`, one] as const);
  });
}

/** A type in a few words: `text`, `` `a` or `b` ``, `list of [Check](#check)`. */
export function typeWords(schema: Schema, link = true): string {
  const title = link ? titled(schema) : undefined;
  if (title !== undefined) return `[${title}](#${title.toLowerCase().replaceAll(" ", "-")})`;
  const definition = plain(schema)._zod.def as Definition;
  const { type, element, valueType, entries, values, items } = definition;
  if (element) return `list of ${typeWords(element)}`;
  if (items) return `[${items.map((item) => typeWords(item)).join(", ")}]`;
  if (valueType) return `names: ${typeWords(valueType)}`;
  if (entries) return choice(Object.values(entries).map((entry) => `\`${entry}\``));
  if (values) return choice(values.map((value) => `\`${String(value)}\``));
  if (definition.options) {
    const all = [...new Set(alternativesOf(schema).map((one) => typeWords(one)))];
    return choice(all);
  }
  if (definition.shape) return `{ ${Object.keys(definition.shape).join(", ")} }`;
  return WORDS[type] ?? type;
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  boolean: "`true` or `false`",
  unknown: "anything",
  null: "`null`",
};

const MOST = 12;

function choice(words: readonly string[]): string {
  return words.length > MOST ? `${words.slice(0, MOST).join(", ")}…` : words.join(" or ");
}

function metaOf(schema: Schema): { readonly title?: string; readonly description?: string } {
  return (schema as z.ZodType).meta?.() ?? {};
}

/** The title of a schema, whatever only says that it may be missing. */
function titled(schema: Schema): string | undefined {
  return titleOf(schema) ?? titleOf(plain(schema));
}

function wordsBelow(schema: Schema): string {
  const own = wordsOf(schema);
  if (own !== "") return own;
  const { innerType } = schema._zod.def as Definition;
  return innerType ? wordsBelow(innerType) : titled(schema) === undefined ? wordsOf(plain(schema)) : "";
}

/** The items of a list. */
function listed(schema: Schema): Schema {
  const { element, valueType } = plain(schema)._zod.def as Definition;
  const inner = element ?? valueType;
  return inner && titled(inner) === undefined ? inner : schema;
}

function isOptional(schema: Schema): boolean {
  const { type, innerType } = schema._zod.def as Definition;
  return type === "optional" || (type !== "default" && innerType !== undefined && isOptional(innerType));
}

function defaultOf(schema: Schema): string | undefined {
  const { type, innerType, defaultValue } = schema._zod.def as Definition;
  if (type === "default") return JSON.stringify(defaultValue);
  return innerType ? defaultOf(innerType) : undefined;
}

/** Without what only says that a value may be missing or is transformed. */
function plain(schema: Schema): Schema {
  const { innerType, in: read } = schema._zod.def as Definition;
  if (titleOf(schema) !== undefined && !innerType && !read) return schema;
  return innerType ? plain(innerType) : read ? plain(read) : schema;
}
