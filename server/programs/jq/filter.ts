import { get, type Path } from "./access.ts";
import { JqError, shown } from "./errors.ts";
import type { Value } from "./value.ts";

/** What names stand for while a program runs: a chain that the compiler's scopes mirror entry by entry. */
export interface Env {
  readonly bound: Value | Closure | object;
  readonly up: Env | undefined;
}

/** A filter that was given as an argument, with the names that it can see. */
export interface Closure {
  readonly filter: Filter;
  readonly env: Env | undefined;
}

/** A value with its place in the value that a path expression began with. */
export interface At {
  readonly path: Path;
  readonly value: Value;
  /** It was made, and is not what stands at the path. */
  readonly made?: boolean;
}

/** A compiled expression: takes a value and gives any number of values. */
export interface Filter {
  /** The only output, for filters that always have exactly one. */
  one?(env: Env | undefined, input: Value): Value;
  run(env: Env | undefined, input: Value): Iterable<Value>;
  /** The outputs with their places. */
  paths(env: Env | undefined, at: At): Iterable<At>;
}

type One = (env: Env | undefined, input: Value) => Value;
type Run = (env: Env | undefined, input: Value) => Iterable<Value>;
type Paths = (env: Env | undefined, at: At) => Iterable<At>;

/** A filter with exactly one output. */
export function single(one: One, paths?: Paths): Filter {
  const run: Run = (env, input) => [one(env, input)];
  return { one, run, paths: paths ?? ((env, at) => [made(at, one(env, at.value))]) };
}

export function filter(run: Run, paths?: Paths): Filter {
  return { run, paths: paths ?? madePaths(run) };
}

/** Values that a filter made out of another, in a path expression. */
function madePaths(run: Run): Paths {
  return function* paths(env, at) {
    for (const value of run(env, at.value)) yield made(at, value);
  };
}

function made(at: At, value: Value): At {
  return value === at.value && !at.made ? at : { path: at.path, value, made: true };
}

/** A step from a place to one below. */
export function step(at: At, key: Value): At {
  if (at.made)
    throw new JqError(`Invalid path expression near attempt to access element ${shown(key)} of ${shown(at.value)}`);
  return { path: [...at.path, key], value: get(at.value, key) };
}

/** The paths that an expression gives for a value. */
export function* pathsOf(expression: Filter, env: Env | undefined, input: Value): Generator<At> {
  for (const at of expression.paths(env, { path: [], value: input })) {
    if (at.made) throw new JqError(`Invalid path expression with result ${shown(at.value)}`);
    yield at;
  }
}

/** The first output. */
export function firstOf(expression: Filter, env: Env | undefined, input: Value): { readonly value: Value } | undefined {
  if (expression.one) return { value: expression.one(env, input) };
  for (const value of expression.run(env, input)) return { value };
  return undefined;
}

/**
 * All combinations of the outputs of some filters for one input. The first varies fastest, as jq's C functions and operators
 * have it, or slowest, as functions with `$parameters` do.
 */
export function* combinations(
  filters: readonly Filter[],
  env: Env | undefined,
  input: Value,
  fastest: "first" | "last",
): Generator<Value[]> {
  const chosen: Value[] = [];
  yield* choose(0);

  function* choose(depth: number): Generator<Value[]> {
    if (depth === filters.length) {
      yield [...chosen];
      return;
    }
    const at = fastest === "last" ? depth : filters.length - 1 - depth;
    for (const value of filters[at]!.run(env, input)) {
      chosen[at] = value;
      yield* choose(depth + 1);
    }
  }
}
