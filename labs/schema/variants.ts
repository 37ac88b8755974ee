import { z } from "zod";

/** What is drawn from the seed and put in wherever `{{name}}` stands. */
export const Variant = z.union(
  [
    z.strictObject({ oneOf: z.array(z.union([z.string(), z.number()])).min(1) }),
    z.strictObject({
      between: z
        .tuple([z.int(), z.int()])
        .refine(([low, high]) => low <= high, "the first number must not be larger than the second"),
    }),
  ],
  { error: "expected { oneOf: […] } or { between: [LOW, HIGH] }" },
);
export type Variant = z.infer<typeof Variant>;

export type VariantValues = Readonly<Record<string, string | number>>;

/** Names of variants are also environment variables in proof scripts. */
export const VariantName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_]*$/, "a variant's name is a lower-case word: letters, digits and _");

/** Draws a value for every variant: the same for the same lab, seed and name. `draw` gives an integer below its second argument. */
export function drawVariants(
  variants: Readonly<Record<string, Variant>>,
  draw: (name: string, below: number) => number,
): VariantValues {
  return Object.fromEntries(
    Object.entries(variants).map(([name, variant]) => {
      if ("oneOf" in variant) return [name, variant.oneOf[draw(name, variant.oneOf.length)]!];
      const [low, high] = variant.between;
      return [name, low + draw(name, high - low + 1)];
    }),
  );
}

/** Names that stand between double braces in a text. */
export function usedVariants(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map((match) => match[1]!);
}

/** Puts values in for `{{name}}`. Names without a value stay as they are: whoever loads a lab reports them. */
export function substitute(text: string, values: VariantValues): string {
  return text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/** The same for every string of a value. A string that is nothing but `{{name}}` becomes the value itself, so that a number stays a number. */
export function substituteAll(value: unknown, values: VariantValues): unknown {
  if (typeof value === "string") {
    const whole = /^\{\{\s*([^{}]*?)\s*\}\}$/.exec(value)?.[1];
    return whole !== undefined && Object.hasOwn(values, whole) ? values[whole] : substitute(value, values);
  }
  if (Array.isArray(value)) return value.map((item) => substituteAll(item, values));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [substitute(key, values), substituteAll(item, values)]),
    );
  }
  return value;
}
