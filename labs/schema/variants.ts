import { z } from "zod";

const Scalar = z.union([z.string(), z.number()]);

/** A drawn value: a word or number, or fields that belong together. */
export type VariantValue = string | number | { readonly [field: string]: unknown };

const Alternative = z.union([Scalar, z.record(z.string(), z.unknown())], {
  error: "expected a text, a number, or fields that belong together",
});

/** What is drawn from the seed and put in wherever `{{name}}` stands. */
export const Variant = z
  .union(
    [
      z.strictObject({
        oneOf: z
          .array(Alternative)
          .min(1)
          .refine(
            (all) => new Set(all.map((one) => JSON.stringify(one))).size === all.length,
            "an alternative stands in it twice",
          )
          .describe(
            "One of these, each as likely. An alternative may be fields that belong together, such as a fault with its hint: `{{cause.hint}}` is one of them, and a YAML value that is nothing but `{{cause}}` is all of them.",
          ),
      }),
      z.strictObject({
        between: z
          .tuple([z.int(), z.int()])
          .refine(([low, high]) => low <= high, "the first number must not be larger than the second")
          .describe("A whole number, both ends included."),
      }),
    ],
    { error: "expected { oneOf: […] } or { between: [LOW, HIGH] }" },
  )
  .meta({ title: "Variant" });
export type Variant = z.infer<typeof Variant>;

export type VariantValues = Readonly<Record<string, VariantValue>>;

/** Names of variants are also environment variables in proof scripts. */
export const VariantName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_]*$/, "a variant's name is a lower-case word: letters, digits and _");

/** What must have been drawn: `{ cause: selector }`, `{ cause: [selector, port] }`, `{ cause.name: selector }`. */
export const When = z
  .record(z.string(), z.union([Scalar, z.array(Scalar).min(1)]), {
    error: "expected names of variants with the values that they must have",
  })
  .meta({
    title: "When",
    description:
      "What must have been drawn: names of variants with the value, or a list of values, that they must have: `{ cause: selector }`, `{ cause.name: [a, b] }`.",
  });
export type When = z.infer<typeof When>;

/** Does `when` hold for what was drawn? */
export function drawn(values: VariantValues, when: When = {}): boolean {
  return Object.entries(when).every(([name, wanted]) => {
    const value = String(valueOf(values, name));
    return [wanted].flat().some((one) => String(one) === value);
  });
}

/**
 * Draws a value for every variant: the same for the same lab, seed and name. `draw` gives an integer below its second
 * argument. Values may use the variants before them.
 */
export function drawVariants(
  variants: Readonly<Record<string, Variant>>,
  draw: (name: string, below: number) => number,
): VariantValues {
  const values: Record<string, VariantValue> = {};
  for (const [name, variant] of Object.entries(variants)) {
    if ("oneOf" in variant) {
      const one = variant.oneOf[draw(name, variant.oneOf.length)]!;
      values[name] = substituteAll(one, values) as VariantValue;
    } else {
      const [low, high] = variant.between;
      values[name] = low + draw(name, high - low + 1);
    }
  }
  return values;
}

/** Names that may stand between double braces in a text: of variants, and of fields that every alternative of one has. */
export function textNames(variants: Readonly<Record<string, Variant>>): string[] {
  return Object.entries(variants).flatMap(([name, variant]) => {
    if (!("oneOf" in variant)) return [name];
    const [first = [], ...rest] = variant.oneOf.map((one) => leaves(one, name));
    return first.filter((leaf) => rest.every((others) => others.includes(leaf)));
  });
}

/** Names of texts and numbers in a value, with `name` in front. */
function leaves(value: unknown, name: string): string[] {
  if (typeof value === "string" || typeof value === "number") return [name];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => leaves(inner, `${name}.${field}`));
}

/** Every value that a name may get; undefined if they are too many to be listed. */
export function possibleValues(variants: Readonly<Record<string, Variant>>, name: string): string[] | undefined {
  const variant = variants[name.split(".")[0]!];
  if (!variant || !("oneOf" in variant)) return undefined;
  return variant.oneOf.map((one) => String(valueOf({ [name.split(".")[0]!]: one }, name)));
}

/** The drawn texts and numbers by the name of the variable that proofs have for them: `ns`, `cause_hint`. */
export function variables(values: VariantValues): readonly (readonly [name: string, value: string])[] {
  return Object.entries(values)
    .flatMap(([name, value]) => leaves(value, name))
    .map((name) => [name.replace(/\W/g, "_"), String(valueOf(values, name))] as const);
}

/** What `cause` or `cause.hint` stands for; undefined if nothing. */
function valueOf(values: VariantValues, name: string): unknown {
  const [first = "", ...rest] = name.split(".");
  if (!Object.hasOwn(values, first)) return undefined;
  let value: unknown = values[first];
  for (const field of rest) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, field)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[field];
  }
  return value;
}

/** Names that stand between double braces in a text. */
export function usedVariants(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map((match) => match[1]!);
}

/** Puts values in for `{{name}}`. Names without a value stay as they are: whoever loads a lab reports them. */
export function substitute(text: string, values: VariantValues): string {
  return text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name: string) => {
    const value = valueOf(values, name);
    return typeof value === "string" || typeof value === "number" ? String(value) : whole;
  });
}

/** The same for every string of a value. A string that is nothing but `{{name}}` becomes the value itself, so that a number stays a number. */
export function substituteAll(value: unknown, values: VariantValues): unknown {
  if (typeof value === "string") {
    const whole = /^\{\{\s*([^{}]*?)\s*\}\}$/.exec(value)?.[1];
    const own = whole === undefined ? undefined : valueOf(values, whole);
    return own === undefined ? substitute(value, values) : own;
  }
  if (Array.isArray(value)) return value.map((item) => substituteAll(item, values));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [substitute(key, values), substituteAll(item, values)]),
    );
  }
  return value;
}
