import { get, keysOf } from "./access.ts";
import { OPERATORS, negate } from "./arithmetic.ts";
import { assignment } from "./assign.ts";
import type { Definition, Expr } from "./ast.ts";
import { builtin } from "./builtins/index.ts";
import { bindings, foldWith, patternScope } from "./destructure.ts";
import { BreakSignal, JqError, shown } from "./errors.ts";
import { combinations, filter, single, step, type At, type Closure, type Env, type Filter } from "./filter.ts";
import { format } from "./formats.ts";
import type { Machine } from "./machine.ts";
import type { Problem } from "./parser.ts";
import { lookUp, type Callable, type Scope } from "./scope.ts";
import { isArray, isObject, kindOf, truthy, type Value } from "./value.ts";

/** Turns a parsed program into a filter. Names that nobody defined are added to the problems. */
export class Compiler {
  readonly #machine: Machine;
  readonly problems: Problem[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  compile(expr: Expr, scope: Scope | undefined): Filter {
    const inner = (one: Expr) => this.compile(one, scope);
    switch (expr.kind) {
      case "identity":
        return IDENTITY;
      case "recurse":
        return builtin("recurse", [], this.#machine)!;
      case "literal": {
        const { value } = expr;
        return single(() => value);
      }
      case "index":
        return index(inner(expr.term), inner(expr.key));
      case "slice": {
        const bound = (one: Expr | undefined) => (one ? inner(one) : single(() => null));
        return index(inner(expr.term), sliceKey(bound(expr.from), bound(expr.to)));
      }
      case "iterate":
        return pipe(inner(expr.term), iterate(this.#machine));
      case "format": {
        const { name } = expr;
        return single((_, input) => format(name, input));
      }
      case "string":
        return interpolation(
          expr.format,
          expr.parts.map((part) => (typeof part === "string" ? part : inner(part))),
        );
      case "array":
        return expr.body ? collect(inner(expr.body)) : single(() => []);
      case "object":
        return construct(expr.pairs.map(({ key, value }) => ({ key: inner(key), value: inner(value) })));
      case "negate":
        return operate([inner(expr.body)], ([value]) => negate(value!));
      case "pipe":
        return pipe(inner(expr.left), inner(expr.right));
      case "comma":
        return comma(inner(expr.left), inner(expr.right));
      case "and":
      case "or":
        return logical(expr.kind === "and", inner(expr.left), inner(expr.right));
      case "alternative":
        return alternative(inner(expr.left), inner(expr.right));
      case "binary":
        return operate([inner(expr.left), inner(expr.right)], ([left, right]) =>
          OPERATORS[expr.operator]!(left!, right!),
        );
      case "assign":
        return assignment(expr.operator, inner(expr.target), inner(expr.value));
      case "try":
        return attempt(inner(expr.body), expr.handler && inner(expr.handler));
      case "if":
        return conditional(inner(expr.test), inner(expr.whenTrue), expr.otherwise ? inner(expr.otherwise) : IDENTITY);
      case "as": {
        const source = inner(expr.source);
        const bound = patternScope(expr.patterns, scope);
        const pattern = bindings(expr.patterns, (key, at) => this.compile(key, at), scope);
        return bind(source, pattern, this.compile(expr.body, bound));
      }
      case "reduce":
      case "foreach": {
        const bound = patternScope(expr.patterns, scope);
        return foldWith(expr.kind, {
          source: inner(expr.source),
          pattern: bindings(expr.patterns, (key, at) => this.compile(key, at), scope),
          start: inner(expr.start),
          update: this.compile(expr.update, bound),
          extract: expr.kind === "foreach" && expr.extract ? this.compile(expr.extract, bound) : undefined,
        });
      }
      case "def":
        return this.#define(expr.definition, expr.body, scope);
      case "call":
        return this.#call(expr, scope);
      case "variable":
        return this.#variable(expr.name, expr.at, scope);
      case "label": {
        const body = this.compile(expr.body, { name: `*${expr.name}`, up: scope });
        return label(body);
      }
      case "break":
        return this.#break(expr.name, expr.at, scope);
    }
  }

  #define({ name, params, body }: Definition, rest: Expr, scope: Scope | undefined): Filter {
    const callable: Callable = { params: params.length };
    const own: Scope = { name: `${name}/${params.length}`, callable, up: scope };
    const bare = params.map((param) => param.replace("$", ""));
    const inside = bare.reduce<Scope>((up, param) => ({ name: `${param}/0`, up }), own);
    // `def f($a): …` is `def f(a): a as $a | …`.
    const whole = params.reduceRight<Expr>((inner, param, at) => {
      if (!param.startsWith("$")) return inner;
      const source: Expr = { kind: "call", name: bare[at]!, args: [], at: 0 };
      return { kind: "as", source, patterns: [{ kind: "variable", name: bare[at]! }], body: inner };
    }, body);
    callable.body = this.compile(whole, inside);
    const then = this.compile(rest, own);
    return within(then, (env) => ({ bound: callable, up: env }));
  }

  #call({ name, args, at }: Expr & { kind: "call" }, scope: Scope | undefined): Filter {
    const filters = args.map((arg) => this.compile(arg, scope));
    const found = lookUp(scope, `${name}/${args.length}`);
    if (found?.scope.callable) return call(found.scope.callable, found.hops, filters, this.#machine);
    if (found) return argument(found.hops);
    const known = builtin(name, filters, this.#machine);
    if (known) return known;
    this.problems.push({ message: `${name}/${args.length} is not defined`, at });
    return IDENTITY;
  }

  #variable(name: string, at: number, scope: Scope | undefined): Filter {
    const found = lookUp(scope, `$${name}`);
    if (found) return single((env) => climb(env, found.hops).bound as Value);
    if (name === "ENV") return single(() => this.#machine.environment);
    const given = this.#machine.variables.get(name);
    if (given !== undefined) return single(() => given);
    this.problems.push({ message: `$${name} is not defined`, at });
    return IDENTITY;
  }

  #break(name: string, at: number, scope: Scope | undefined): Filter {
    const found = lookUp(scope, `*${name}`);
    if (!found) this.problems.push({ message: `$*label-${name} is not defined`, at });
    return filter((env) => {
      throw new BreakSignal(climb(env, found!.hops).bound as object);
    });
  }
}

const IDENTITY: Filter = single(
  (_, input) => input,
  (_, at) => [at],
);

function climb(env: Env | undefined, hops: number): Env {
  let at = env!;
  for (let left = hops; left > 0; left--) at = at.up!;
  return at;
}

/** Runs a filter with more names. */
function within(body: Filter, extend: (env: Env | undefined) => Env): Filter {
  const inner = filter(
    (env, input) => body.run(extend(env), input),
    (env, at) => body.paths(extend(env), at),
  );
  if (body.one) inner.one = (env, input) => body.one!(extend(env), input);
  return inner;
}

/** A call of a function takes as long as so many steps of a loop, or longer: every result passes through all callers. */
const CALL = 50;

function call(callable: Callable, hops: number, args: readonly Filter[], machine: Machine): Filter {
  const frame = (env: Env | undefined): Env =>
    args.reduce<Env>((up, arg) => ({ bound: { filter: arg, env } satisfies Closure, up }), climb(env, hops));
  return filter(
    function* run(env, input) {
      machine.step(CALL);
      yield* callable.body!.run(frame(env), input);
    },
    function* paths(env, at) {
      machine.step(CALL);
      yield* callable.body!.paths(frame(env), at);
    },
  );
}

/** A call of what was given as an argument. */
function argument(hops: number): Filter {
  const closure = (env: Env | undefined) => climb(env, hops).bound as Closure;
  return filter(
    (env, input) => {
      const given = closure(env);
      return given.filter.run(given.env, input);
    },
    (env, at) => {
      const given = closure(env);
      return given.filter.paths(given.env, at);
    },
  );
}

export function pipe(left: Filter, right: Filter): Filter {
  if (left === IDENTITY) return right;
  if (left.one && right.one) {
    const [first, second] = [left.one, right.one];
    return single((env, input) => second(env, first(env, input)), pathsThrough(left, right));
  }
  return filter(
    function* run(env, input) {
      for (const value of left.run(env, input)) yield* right.run(env, value);
    },
    pathsThrough(left, right),
  );
}

function pathsThrough(left: Filter, right: Filter) {
  return function* paths(env: Env | undefined, from: At): Generator<At> {
    for (const at of left.paths(env, from)) yield* right.paths(env, at);
  };
}

function comma(left: Filter, right: Filter): Filter {
  return filter(
    function* run(env, input) {
      yield* left.run(env, input);
      yield* right.run(env, input);
    },
    function* paths(env, at) {
      yield* left.paths(env, at);
      yield* right.paths(env, at);
    },
  );
}

/** `TERM[KEY]`: the key sees what the term saw. */
function index(term: Filter, key: Filter): Filter {
  function* paths(env: Env | undefined, from: At): Generator<At> {
    for (const by of key.run(env, from.value)) for (const at of term.paths(env, from)) yield step(at, by);
  }
  if (term.one && key.one) {
    const [where, by] = [term.one, key.one];
    return single((env, input) => {
      const wanted = by(env, input);
      return get(where(env, input), wanted);
    }, paths);
  }
  return filter(function* run(env, input) {
    for (const by of key.run(env, input)) for (const value of term.run(env, input)) yield get(value, by);
  }, paths);
}

function sliceKey(from: Filter, to: Filter): Filter {
  return operate(
    [from, to],
    ([start, end]) =>
      new Map([
        ["start", start!],
        ["end", end!],
      ]),
  );
}

function iterate(machine: Machine): Filter {
  return filter(
    (_, input) => {
      const found = elements(input);
      machine.step(isArray(input) ? input.length : 1);
      return found;
    },
    function* paths(_, at) {
      const { value } = at;
      if (at.made) throw new JqError(`Invalid path expression near attempt to iterate through ${shown(value)}`);
      const keys = keysOf(value, false);
      if (!keys) elements(value);
      else {
        machine.step(keys.length);
        for (const key of keys) yield step(at, key);
      }
    },
  );
}

function elements(value: Value): Iterable<Value> {
  if (isArray(value)) return value;
  if (isObject(value)) return value.values();
  throw notIterable(value);
}

function notIterable(value: Value): JqError {
  return new JqError(`Cannot iterate over ${kindOf(value)}${value === null ? " (null)" : ` (${shown(value)})`}`);
}

function collect(body: Filter): Filter {
  if (body.one) {
    const { one } = body;
    return single((env, input) => [one(env, input)]);
  }
  return single((env, input) => [...body.run(env, input)]);
}

function construct(pairs: readonly { readonly key: Filter; readonly value: Filter }[]): Filter {
  const filters = pairs.flatMap(({ key, value }) => [key, value]);
  return operate(
    filters,
    (values) => {
      const object = new Map<string, Value>();
      for (let at = 0; at < values.length; at += 2) {
        const key = values[at]!;
        if (typeof key !== "string") throw new JqError(`Cannot use ${kindOf(key)} (${shown(key)}) as object key`);
        object.set(key, values[at + 1]!);
      }
      return object;
    },
    "last",
  );
}

function interpolation(name: string, parts: readonly (string | Filter)[]): Filter {
  const filters = parts.filter((part) => typeof part !== "string");
  return operate(filters, (values) => {
    let next = 0;
    return parts.map((part) => (typeof part === "string" ? part : format(name, values[next++]!))).join("");
  });
}

/** A function of the outputs of some filters. */
export function operate(
  filters: readonly Filter[],
  apply: (values: readonly Value[], input: Value) => Value,
  fastest: "first" | "last" = "first",
): Filter {
  const ones = filters.map((one) => one.one);
  if (ones.every((one) => one !== undefined))
    return single((env, input) =>
      apply(
        ones.map((one) => one(env, input)),
        input,
      ),
    );
  return filter(function* run(env, input) {
    for (const values of combinations(filters, env, input, fastest)) yield apply(values, input);
  });
}

function logical(both: boolean, left: Filter, right: Filter): Filter {
  if (left.one && right.one) {
    const [first, second] = [left.one, right.one];
    return single((env, input) => (truthy(first(env, input)) === both ? truthy(second(env, input)) : !both));
  }
  return filter(function* run(env, input) {
    for (const value of left.run(env, input)) {
      if (truthy(value) !== both) yield !both;
      else for (const other of right.run(env, input)) yield truthy(other);
    }
  });
}

function alternative(left: Filter, right: Filter): Filter {
  return filter(
    function* run(env, input) {
      let any = false;
      try {
        for (const value of left.run(env, input)) {
          if (!truthy(value)) continue;
          any = true;
          yield value;
        }
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
      }
      if (!any) yield* right.run(env, input);
    },
    function* paths(env, from) {
      let any = false;
      try {
        for (const at of left.paths(env, from)) {
          if (!truthy(at.value)) continue;
          any = true;
          yield at;
        }
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
      }
      if (!any) yield* right.paths(env, from);
    },
  );
}

function conditional(test: Filter, then: Filter, otherwise: Filter): Filter {
  const branch = (value: Value) => (truthy(value) ? then : otherwise);
  const paths = function* paths(env: Env | undefined, at: At): Generator<At> {
    for (const value of test.run(env, at.value)) yield* branch(value).paths(env, at);
  };
  if (test.one && then.one && otherwise.one) {
    const { one } = test;
    return single((env, input) => branch(one(env, input)).one!(env, input), paths);
  }
  return filter(function* run(env, input) {
    for (const value of test.run(env, input)) yield* branch(value).run(env, input);
  }, paths);
}

/** `try BODY catch HANDLER`, and `BODY?`. */
function attempt(body: Filter, handler: Filter | undefined): Filter {
  const handle = (error: unknown): Value => {
    if (!(error instanceof JqError)) throw error;
    return error.value;
  };
  return filter(
    function* run(env, input) {
      let caught: Value;
      try {
        // Errors of what comes behind are not the body's: they do not pass through here.
        yield* body.run(env, input);
        return;
      } catch (error) {
        caught = handle(error);
      }
      if (handler) yield* handler.run(env, caught);
    },
    function* paths(env, at) {
      let caught: Value;
      try {
        yield* body.paths(env, at);
        return;
      } catch (error) {
        caught = handle(error);
      }
      if (handler) yield* handler.paths(env, { path: [], value: caught, made: true });
    },
  );
}

function label(body: Filter): Filter {
  return filter(
    function* run(env, input) {
      const own = {};
      try {
        yield* body.run({ bound: own, up: env }, input);
      } catch (error) {
        if (!(error instanceof BreakSignal) || error.label !== own) throw error;
      }
    },
    function* paths(env, at) {
      const own = {};
      try {
        yield* body.paths({ bound: own, up: env }, at);
      } catch (error) {
        if (!(error instanceof BreakSignal) || error.label !== own) throw error;
      }
    },
  );
}

function bind(source: Filter, pattern: ReturnType<typeof bindings>, body: Filter): Filter {
  return filter(
    function* run(env, input) {
      for (const value of source.run(env, input)) yield* pattern(env, value, (bound) => body.run(bound, input));
    },
    function* paths(env, at) {
      for (const value of source.run(env, at.value)) yield* pattern(env, value, (bound) => body.paths(bound, at));
    },
  );
}
