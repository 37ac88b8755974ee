import fc from "fast-check";
import { expect, test } from "vitest";
import { isObject, type JsonObject, type JsonValue } from "../../json.ts";
import { fillDefaults } from "./defaults.ts";
import type { JsonSchema } from "./json-schema.ts";
import { prune } from "./prune.ts";
import { fieldErrors } from "./result.ts";
import { validateSchema } from "./validate.ts";

const name = fc.constantFrom("a", "b", "c");
const text = fc.constantFrom("", "x", "xy", "xyz");
const scalar: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.record({ type: fc.constant("string"), minLength: fc.nat(2), maxLength: fc.integer({ min: 2, max: 3 }) }),
  fc.record({ type: fc.constant("string"), enum: fc.uniqueArray(text, { minLength: 1 }) }),
  fc.record({ type: fc.constant("string"), pattern: fc.constantFrom("^x", "y$") }),
  fc.record({ type: fc.constant("integer"), minimum: fc.integer({ min: -2, max: 1 }), maximum: fc.nat(3) }),
  fc.record({ type: fc.constant("integer"), multipleOf: fc.constantFrom(2, 3), exclusiveMinimum: fc.boolean(), minimum: fc.constant(0) }),
  fc.record({ type: fc.constant("number"), nullable: fc.boolean() }),
  fc.record({ type: fc.constant("boolean"), default: fc.boolean() }),
  fc.record({ "x-kubernetes-int-or-string": fc.constant(true) }),
); // prettier-ignore
const { schema } = fc.letrec<{ schema: JsonSchema; object: JsonSchema }>((tie) => ({
  schema: fc.oneof({ depthSize: "small" }, scalar, tie("object")),
  object: fc.oneof(
    fc.record({
      type: fc.constant("object"),
      properties: fc.dictionary(name, tie("schema"), { maxKeys: 3 }),
      required: fc.uniqueArray(name, { maxLength: 1 }),
    }),
    fc.record({
      type: fc.constant("object"),
      additionalProperties: tie("schema"),
      maxProperties: fc.nat(3),
    }),
    fc.record({
      type: fc.constant("array"),
      items: tie("schema"),
      minItems: fc.nat(1),
      maxItems: fc.integer({ min: 1, max: 3 }),
    }),
  ),
}));

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<JsonValue[]>(null, true, 0, 1, 2, 3, -1, 1.5, "", "x", "xy", "xyz", "zy"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 3 }) as fc.Arbitrary<JsonValue>,
  ),
}));

/** What JSON Schema says of a value, without words: an evaluator of its own. */
function holds(rule: JsonSchema, given: JsonValue): boolean {
  const types = rule["x-kubernetes-int-or-string"] ? ["integer", "string"] : [rule.type!];
  if (given === null) return rule.nullable === true;
  const fits: Record<string, boolean> = {
    string: typeof given === "string",
    integer: typeof given === "number" && given % 1 === 0,
    number: typeof given === "number",
    boolean: typeof given === "boolean",
    array: Array.isArray(given),
    object: isObject(given),
  };
  if (!types.some((type) => fits[type])) return false;
  if (rule.enum && !rule.enum.includes(given)) return false;
  if (typeof given === "string") {
    if (given.length < (rule.minLength ?? 0) || given.length > (rule.maxLength ?? Infinity)) return false;
    return rule.pattern === undefined || new RegExp(rule.pattern).test(given);
  }
  if (typeof given === "number") {
    const { minimum = -Infinity, maximum = Infinity, multipleOf = given === 0 ? 1 : given } = rule;
    const low = rule.exclusiveMinimum ? given > minimum : given >= minimum;
    return low && given <= maximum && given % multipleOf === 0;
  }
  if (Array.isArray(given))
    return (
      given.length >= (rule.minItems ?? 0) &&
      given.length <= (rule.maxItems ?? Infinity) &&
      given.every((item) => holds(rule.items as JsonSchema, item))
    );
  if (!isObject(given)) return true;
  if (Object.keys(given).length > (rule.maxProperties ?? Infinity)) return false;
  if ((rule.required ?? []).some((one) => !Object.hasOwn(given, one))) return false;
  return Object.keys(given).every((key) => {
    const inner = rule.properties?.[key] ?? (rule.additionalProperties as JsonSchema | undefined);
    return inner === undefined || holds(inner, given[key]!);
  });
}

test("a value is accepted if and only if the schema holds for it, and every complaint has a path", () => {
  fc.assert(
    fc.property(schema, value, (rule, given) => {
      const result = validateSchema(rule, given);
      expect(result.valid).toBe(holds(rule, given));
      for (const { field, body } of fieldErrors(result)) {
        expect(field).not.toBe("");
        expect(body).toMatch(/^(Required value|Invalid value|Unsupported value|Too (many|long))/);
      }
    }),
    { numRuns: 500 },
  );
});

test("an update that changes nothing is accepted, however wrong the value is", () => {
  fc.assert(
    fc.property(schema, value, (rule, given) => {
      expect(validateSchema(rule, given, given).errors).toEqual([]);
    }),
  );
});

test("pruning and defaults are done once and for all, and leave the value that came alone", () => {
  fc.assert(
    fc.property(schema, fc.dictionary(name, value, { maxKeys: 3 }), (inner, given) => {
      const root: JsonSchema = { type: "object", properties: { a: inner, b: { type: "string", default: "x" } } };
      const before = structuredClone(given);
      const once = prune(root, given);
      fillDefaults(root, once.value);
      expect(given).toEqual(before);
      const twice = prune(root, once.value);
      fillDefaults(root, twice.value);
      expect(twice.unknown).toEqual([]);
      expect(twice.value).toEqual(once.value);
      expect((once.value as JsonObject)["b"]).toBeDefined();
      expect(Object.hasOwn(once.value as JsonObject, "c")).toBe(false);
    }),
    { numRuns: 300 },
  );
});
