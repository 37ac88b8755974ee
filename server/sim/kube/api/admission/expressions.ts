import {
  compileExpression,
  CelError,
  Evaluator,
  fromJson,
  type Cel,
  type Expression,
  type ResultType,
} from "../cel/index.ts";
import type { JsonValue } from "../json.ts";
import { apiVersion } from "../kind.ts";
import { withType } from "../table.ts";
import type { MatchCondition } from "../types/admissionregistration.ts";
import type { KubeObject } from "../types/meta.ts";
import { namespaceOf } from "./match.ts";
import type { Attributes } from "./plugin.ts";
import { requestOf } from "./request.ts";

export type Scope = Map<string, Cel>;

const OBJECTS = ["object", "oldObject", "request", "namespaceObject", "authorizer"];

/** The names that expressions of admission may use (apiserver/pkg/admission/plugin/cel). */
export function namesIn(options: { readonly params?: boolean; readonly variables?: boolean }): ReadonlySet<string> {
  return new Set([...OBJECTS, ...(options.params ? ["params"] : []), ...(options.variables ? ["variables"] : [])]);
}

/** What those names stand for in one request. */
export function scopeOf(attributes: Attributes): Scope {
  const { context, object, old } = attributes;
  const request = requestOf(attributes) as unknown as JsonValue;
  const shown = (one: KubeObject | undefined): Cel =>
    one === undefined ? null : fromJson(withType(context.kind, one) as unknown as JsonValue, undefined);
  const namespace = context.namespace === "" ? undefined : namespaceOf(attributes);
  const { user, settings, kind } = context;
  const question = { user, ask: settings.authorize ?? (() => ({ allowed: true })) };
  return new Map<string, Cel>([
    ["object", shown(object)],
    ["oldObject", shown(old)],
    ["request", fromJson(request, undefined)],
    ["namespaceObject", namespace ? fromJson(publicPart(namespace), undefined) : null],
    [
      "authorizer",
      {
        is: "authorizer",
        ...question,
        about: {},
        request: {
          group: kind.group,
          resource: kind.plural,
          subresource: context.subresource,
          namespace: context.namespace,
          name: attributes.name,
        },
      },
    ],
  ]);
}

/** What expressions see of a Namespace. */
function publicPart(namespace: KubeObject): JsonValue {
  const { managedFields: _, ownerReferences: _owners, ...metadata } = namespace.metadata;
  return JSON.parse(JSON.stringify({ ...namespace, metadata })) as JsonValue;
}

/** The `params` of an expression: an object that a policy's binding names. */
export function paramsValue(kind: Parameters<typeof apiVersion>[0] & { kind: string }, object: KubeObject): Cel {
  return fromJson({ ...object, apiVersion: apiVersion(kind), kind: kind.kind } as unknown as JsonValue, undefined);
}

export type Compiled = { readonly expression: Expression } | { readonly error: string };

const compiled = new WeakMap<object, Map<string, Compiled>>();

/** Compiles an expression of a configuration object once. */
export function compiledIn(owner: object, text: string, names: ReadonlySet<string>, type: ResultType): Compiled {
  let known = compiled.get(owner);
  if (!known) compiled.set(owner, (known = new Map()));
  const key = `${type} ${text}`;
  let found = known.get(key);
  if (!found) known.set(key, (found = compileExpression(text, names, type)));
  return found;
}

/** The value of an expression, or why there is none, as apiserver/pkg/admission/plugin/cel says it. */
export function evaluated(
  evaluator: Evaluator,
  text: string,
  program: Compiled,
  scope: Scope,
): { readonly value: Cel } | { readonly error: string } {
  if ("error" in program) return { error: `compilation error: ${program.error}` };
  try {
    return { value: evaluator.evaluate(program.expression, scope) };
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return { error: `expression '${text}' resulted in error: ${error.message}` };
  }
}

/**
 * Whether the matchConditions of a webhook or policy are met; an error if one of them cannot be evaluated and none is
 * false (apiserver/pkg/admission/plugin/webhook/matchconditions).
 */
export function conditionsMet(
  owner: object,
  conditions: readonly MatchCondition[] | undefined,
  scope: () => Scope,
  names: ReadonlySet<string>,
): { readonly met: boolean } | { readonly error: string } {
  if (!conditions || conditions.length === 0) return { met: true };
  const evaluator = new Evaluator();
  const problems: string[] = [];
  for (const { expression } of conditions) {
    const result = evaluated(evaluator, expression, compiledIn(owner, expression, names, "bool"), scope());
    if ("error" in result) problems.push(result.error);
    else if (result.value === false) return { met: false };
  }
  if (problems.length === 0) return { met: true };
  return { error: problems.length === 1 ? problems[0]! : `[${problems.join(", ")}]` };
}
