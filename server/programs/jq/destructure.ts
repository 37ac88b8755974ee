import { get } from "./access.ts";
import type { Expr, Pattern } from "./ast.ts";
import { JqError } from "./errors.ts";
import { filter, single, type At, type Env, type Filter } from "./filter.ts";
import type { Scope } from "./scope.ts";
import { isArray, isObject, kindOf, type Value } from "./value.ts";

/** Runs something for each way in which a value fits a pattern, with the variables bound. */
export type Bindings = <T>(env: Env | undefined, value: Value, body: (bound: Env) => Iterable<T>) => Iterable<T>;

/** All variables of some patterns, each once. Every alternative binds all of them; what it has not is null. */
function variablesOf(patterns: readonly Pattern[]): string[] {
  const names = new Set<string>();
  const visit = (pattern: Pattern): void => {
    if (pattern.kind === "variable") names.add(pattern.name);
    else if (pattern.kind === "array") pattern.items.forEach(visit);
    else
      for (const { variable, value } of pattern.pairs) {
        if (variable !== undefined) names.add(variable);
        if (value) visit(value);
      }
  };
  patterns.forEach(visit);
  return [...names];
}

/** The names that can be seen behind `as PATTERNS |`. */
export function patternScope(patterns: readonly Pattern[], scope: Scope | undefined): Scope {
  return variablesOf(patterns).reduce<Scope | undefined>((up, name) => ({ name: `$${name}`, up }), scope)!;
}

type Values = ReadonlyMap<string, Value>;

/** A compiled pattern: gives the variables for each way in which a value fits. */
type Match = (env: Env | undefined, value: Value, values: Values) => Iterable<Values>;

export function bindings(
  patterns: readonly Pattern[],
  compileKey: (key: Expr, scope: Scope | undefined) => Filter,
  scope: Scope | undefined,
): Bindings {
  const names = variablesOf(patterns);
  const bound = (env: Env | undefined, values: Values): Env =>
    names.reduce<Env | undefined>((up, name) => ({ bound: values.get(name) ?? null, up }), env)!;
  if (patterns.length === 1 && patterns[0]!.kind === "variable")
    return (env, value, body) => body({ bound: value, up: env });
  const matches = patterns.map((pattern) => compilePattern(pattern, (key) => compileKey(key, scope)));
  return function* bind(env, value, body) {
    for (const [at, match] of matches.entries()) {
      try {
        for (const values of match(env, value, new Map())) yield* body(bound(env, values));
        return;
      } catch (error) {
        // The next alternative gets its chance, also if the body failed.
        if (!(error instanceof JqError) || at === matches.length - 1) throw error;
      }
    }
  };
}

function compilePattern(pattern: Pattern, compileKey: (key: Expr) => Filter): Match {
  if (pattern.kind === "variable") return (_, value, values) => [new Map(values).set(pattern.name, value)];
  if (pattern.kind === "array") {
    const items = pattern.items.map((item) => compilePattern(item, compileKey));
    return (env, value, values) => {
      if (value !== null && !isArray(value)) throw new JqError(`Cannot index ${kindOf(value)} with number`);
      return chain(
        items.map((item, at) => (before: Values) => item(env, value?.[at] ?? null, before)),
        values,
      );
    };
  }
  const pairs = pattern.pairs.map(({ key, variable, value }) => ({
    key: compileKey(key),
    variable,
    value: value && compilePattern(value, compileKey),
  }));
  return (env, value, values) =>
    chain(
      pairs.map(
        (pair) =>
          function* matchPair(before: Values): Generator<Values> {
            for (const key of pair.key.run(env, value)) {
              if (typeof key !== "string") throw new JqError(`Cannot index ${kindOf(value)} with ${kindOf(key)}`);
              if (value !== null && !isObject(value)) get(value, key);
              const part = value === null ? null : get(value, key);
              const named = pair.variable === undefined ? before : new Map(before).set(pair.variable, part);
              if (pair.value) yield* pair.value(env, part, named);
              else yield named;
            }
          },
      ),
      values,
    );
}

function* chain(steps: readonly ((values: Values) => Iterable<Values>)[], values: Values): Generator<Values> {
  const [first, ...rest] = steps;
  if (!first) {
    yield values;
    return;
  }
  for (const after of first(values)) yield* chain(rest, after);
}

interface Fold {
  readonly source: Filter;
  readonly pattern: Bindings;
  readonly start: Filter;
  readonly update: Filter;
  readonly extract: Filter | undefined;
}

/** `reduce` and `foreach`. */
export function foldWith(kind: "reduce" | "foreach", fold: Fold): Filter {
  return kind === "reduce" ? reduce(fold) : foreach(fold);
}

function reduce({ source, pattern, start, update }: Fold): Filter {
  const last = (env: Env, state: Value): Iterable<Value> => {
    if (update.one) return [update.one(env, state)];
    let value: Value = null;
    for (value of update.run(env, state));
    return [value];
  };
  return filter(
    function* run(env, input) {
      for (const first of start.run(env, input)) {
        let state: Value = first;
        for (const value of source.run(env, input)) for (state of pattern(env, value, (bound) => last(bound, state)));
        yield state;
      }
    },
    function* paths(env, at) {
      for (const first of start.paths(env, at)) {
        let state: At = first;
        for (const value of source.run(env, at.value))
          for (state of pattern(env, value, (bound) => update.paths(bound, state)));
        yield state;
      }
    },
  );
}

function foreach({ source, pattern, start, update, extract = SAME }: Fold): Filter {
  return filter(
    function* run(env, input) {
      for (const first of start.run(env, input)) {
        let state: Value = first;
        for (const value of source.run(env, input))
          yield* pattern(env, value, function* body(bound) {
            const before = state;
            for (const next of update.run(bound, before)) {
              state = next;
              yield* extract.run(bound, next);
            }
          });
      }
    },
    function* paths(env, at) {
      for (const first of start.paths(env, at)) {
        let state: At = first;
        for (const value of source.run(env, at.value))
          yield* pattern(env, value, function* body(bound) {
            const before = state;
            for (const next of update.paths(bound, before)) {
              state = next;
              yield* extract.paths(bound, next);
            }
          });
      }
    },
  );
}

const SAME: Filter = single(
  (_, input) => input,
  (_, at) => [at],
);
