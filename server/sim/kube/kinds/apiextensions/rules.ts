import {
  CelError, compileRule, Evaluator, forbidden, fromJson, invalid, isObject, itemsOf, NO_PATH, propertyOf, required, resourceSchema, sameJson,
  sortedJson, valuesOf, type Cel, type FieldError, type FieldErrors, type JsonArray, type JsonObject, type JsonSchema, type JsonValue,
  type Program, type ValidationRule,
} from "../../api/index.ts"; // prettier-ignore

/** The `x-kubernetes-validations` of a schema, ready to be asked. */
export interface Rules {
  validate(object: JsonObject, old: JsonObject | undefined, warn?: (message: string) => void): FieldErrors;
}

/** The rules of a schema and of all in it; undefined if there are none (apiserver/schema/cel/validation.go). */
export function rulesOf(schema: JsonSchema): Rules | undefined {
  if (!hasRules(schema)) return undefined;
  const root = selfSchema(schema);
  return {
    validate(object, old, warn) {
      const walk = new Walk(warn);
      walk.visit(root, object, old, "", { now: object, old });
      return walk.found;
    },
  };
}

const STRING: JsonSchema = { type: "string" };
const META: JsonSchema = { type: "object", properties: { name: STRING, generateName: STRING } };

/** What rules see of an object as a whole, and of one that is embedded: its own fields, kind, apiVersion and its names. */
export function selfSchema(schema: JsonSchema): JsonSchema {
  const resource = resourceSchema(schema);
  return { ...resource, properties: { ...resource.properties, apiVersion: STRING, kind: STRING, metadata: META } };
}

const withRules = new WeakMap<JsonSchema, boolean>();

function hasRules(schema: JsonSchema): boolean {
  let found = withRules.get(schema);
  if (found === undefined) {
    const items = itemsOf(schema);
    const values = valuesOf(schema);
    const inner = [...Object.values(schema.properties ?? {}), ...(items ? [items] : []), ...(values ? [values] : [])];
    found = (schema["x-kubernetes-validations"]?.length ?? 0) > 0 || inner.some(hasRules);
    withRules.set(schema, found);
  }
  return found;
}

const programs = new WeakMap<ValidationRule, Program | { readonly error: string }>();

function programOf(rule: ValidationRule, self: JsonSchema): Program | { readonly error: string } {
  let program = programs.get(rule);
  const seen = self["x-kubernetes-embedded-resource"] ? selfSchema(self) : self;
  if (!program) programs.set(rule, (program = compileRule(rule.rule, seen)));
  return program;
}

/** The value and what it was before, where both are known to be the same thing: complaints about what stays are only warnings. */
interface Pair {
  readonly now: JsonValue;
  readonly old: JsonValue | undefined;
}

class Walk {
  readonly found: FieldErrors = [];
  readonly #evaluator = new Evaluator();
  readonly #warn: ((message: string) => void) | undefined;

  constructor(warn: ((message: string) => void) | undefined) {
    this.#warn = warn;
  }

  visit(schema: JsonSchema, value: JsonValue, old: JsonValue | undefined, path: string, nearest: Pair): void {
    if (value === null || (!hasRules(schema) && path !== "")) return;
    this.#apply(schema, value, old ?? undefined, path, nearest);
    if (Array.isArray(value)) this.#list(schema, value, Array.isArray(old) ? old : undefined, path, nearest);
    else if (isObject(value)) this.#object(schema, value, isObject(old) ? old : undefined, path);
  }

  #list(schema: JsonSchema, list: JsonArray, old: JsonArray | undefined, path: string, nearest: Pair): void {
    const items = itemsOf(schema);
    if (!items) return;
    const keys = schema["x-kubernetes-list-type"] === "map" ? schema["x-kubernetes-list-map-keys"] : undefined;
    const keyOf = (item: JsonValue): string =>
      sortedJson((keys ?? []).map((key) => (isObject(item) ? (item[key] ?? null) : null)));
    const before = keys && old ? new Map(old.map((item) => [keyOf(item), item])) : undefined;
    list.forEach((item, index) => {
      const was = before?.get(keyOf(item));
      this.visit(items, item, was, `${path}[${index}]`, was === undefined ? nearest : { now: item, old: was });
    });
  }

  #object(schema: JsonSchema, object: JsonObject, old: JsonObject | undefined, path: string): void {
    const values = valuesOf(schema);
    for (const name in object) {
      const property = propertyOf(schema, name);
      const value = object[name]!;
      const was = old?.[name];
      const pair = { now: value, old: was };
      if (property) this.visit(property, value, was, path === "" ? name : `${path}.${name}`, pair);
      else if (values) this.visit(values, value, was, `${path}[${name}]`, pair);
    }
  }

  #apply(schema: JsonSchema, value: JsonValue, old: JsonValue | undefined, path: string, nearest: Pair): void {
    const rules = schema["x-kubernetes-validations"];
    if (!rules || rules.length === 0) return;
    const self = fromJson(value, schema);
    const oldSelf = old === undefined ? undefined : fromJson(old, schema);
    const unchanged = nearest.old !== undefined && sameJson(nearest.now, nearest.old);
    for (const rule of rules) {
      const program = programOf(rule, schema);
      const at = path === "" ? NO_PATH : path;
      const shown = schema.type ?? "";
      if ("error" in program) {
        this.found.push(invalid(at, shown, `rule compile error: ${program.error}`));
        continue;
      }
      if (program.usesOldSelf && oldSelf === undefined && !rule.optionalOldSelf) continue;
      const scope = new Map<string, Cel>([["self", self]]);
      if (rule.optionalOldSelf)
        scope.set("oldSelf", oldSelf === undefined ? { is: "optional" } : { is: "optional", value: oldSelf });
      else if (oldSelf !== undefined) scope.set("oldSelf", oldSelf);
      const error = this.#ask(rule, program, scope, at, shown);
      if (!error) continue;
      if (unchanged && !program.usesOldSelf && this.#warn) this.#warn(`${error.field}: ${error.body}`);
      else this.found.push(error);
    }
  }

  #ask(
    rule: ValidationRule,
    { expression }: Program,
    scope: ReadonlyMap<string, Cel>,
    path: string,
    shown: string,
  ): FieldError | undefined {
    const named = (rule.message ?? rule.rule).trim();
    try {
      if (this.#evaluator.evaluate(expression, scope) === true) return undefined;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      const { message } = error;
      if (message.startsWith("no such overload"))
        return invalid(
          path,
          shown,
          `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${named}`,
        );
      if (message.startsWith("operation cancelled"))
        return invalid(
          path,
          shown,
          `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${named}`,
        );
      return invalid(path, shown, `${message} evaluating rule: ${named}`);
    }
    const field = rule.fieldPath === undefined ? path : `${path === NO_PATH ? "" : path}${rule.fieldPath}`;
    return complaint(rule, field.replace(/^\./, ""), shown, this.#message(rule, scope));
  }

  #message(rule: ValidationRule, scope: ReadonlyMap<string, Cel>): string {
    const usual = rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`;
    if (!rule.messageExpression) return usual;
    const program = compileRule(`string(${rule.messageExpression}) != ""`, {});
    if ("error" in program || program.expression.kind !== "call") return usual;
    try {
      const text = this.#evaluator.evaluate(program.expression.args[0]!, scope);
      return typeof text === "string" && text.trim() !== "" && !/[\n]/.test(text.trim()) ? text.trim() : usual;
    } catch (error) {
      if (error instanceof CelError) return usual;
      throw error;
    }
  }
}

function complaint({ reason }: ValidationRule, path: string, shown: string, message: string): FieldError {
  switch (reason) {
    case "FieldValueForbidden":
      return forbidden(path, message);
    case "FieldValueRequired":
      return required(path, message);
    case "FieldValueDuplicate":
      return { reason, field: path, body: `Duplicate value: ${JSON.stringify(shown)}` };
    default:
      return invalid(path, shown, message);
  }
}
