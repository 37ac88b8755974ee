import { getPath, type Path } from "../access.ts";
import { HaltSignal, JqError, typeError } from "../errors.ts";
import { filter, firstOf, pathsOf, single, type At, type Env, type Filter } from "../filter.ts";
import type { Machine } from "../machine.ts";
import { equal, isArray, isObject, kindOf, numberOf, toJson, truthy, type Value } from "../value.ts";
import { native, type Builtin, type Builtins } from "./builtin.ts";

/** Filters that give their input or nothing, by what it is. */
function only(test: (input: Value) => boolean): Builtin {
  return () =>
    filter(
      (_, input) => (test(input) ? [input] : []),
      (_, at) => (test(at.value) ? [at] : []),
    );
}

const isScalar = (value: Value) => !isArray(value) && !isObject(value);

function select([test]: readonly Filter[]): Filter {
  return filter(
    function* run(env, input) {
      for (const value of test!.run(env, input)) if (truthy(value)) yield input;
    },
    function* paths(env, at) {
      for (const value of test!.run(env, at.value)) if (truthy(value)) yield at;
    },
  );
}

function childrenOf(value: Value): Iterable<Value> {
  if (isArray(value)) return value;
  return isObject(value) ? value.values() : [];
}

function* everything(value: Value): Generator<Value> {
  yield value;
  for (const child of childrenOf(value)) yield* everything(child);
}

function* everywhere(at: At): Generator<At> {
  yield at;
  const { value } = at;
  if (isArray(value))
    for (const [key, child] of value.entries()) yield* everywhere({ path: [...at.path, key], value: child });
  else if (isObject(value))
    for (const [key, child] of value) yield* everywhere({ path: [...at.path, key], value: child });
}

/** `recurse(f; cond)`: the input, and all that `f` gives from it on. */
function recurse([next, condition]: readonly Filter[], machine: Machine): Filter {
  if (!next)
    return filter(
      (_, input) => everything(input),
      (_, at) => everywhere(at),
    );
  const goesOn = (env: Env | undefined, value: Value) =>
    !condition || truthy(firstOf(condition, env, value)?.value ?? false);
  return filter(
    function* run(env, input): Generator<Value> {
      machine.step();
      yield input;
      for (const value of next.run(env, input)) if (goesOn(env, value)) yield* run(env, value);
    },
    function* paths(env, at): Generator<At> {
      machine.step();
      yield at;
      for (const below of next.paths(env, at)) if (goesOn(env, below.value)) yield* paths(env, below);
    },
  );
}

function* numbers(from: number, to: number, by: number, machine: Machine): Generator<number> {
  for (let at = from; by > 0 ? at < to : at > to; at += by) {
    machine.step();
    yield at;
    if (by === 0) return;
  }
}

function range(args: readonly Filter[], machine: Machine): Filter {
  const [from, to, by] = args.length === 1 ? [single(() => 0), args[0]!] : [args[0]!, args[1]!, args[2]];
  return filter(function* run(env, input) {
    for (const start of from.run(env, input))
      for (const end of to.run(env, input))
        for (const each of by ? by.run(env, input) : [1]) {
          const bounds = [start, end, each].map(numberOf);
          if (bounds.includes(undefined)) throw new JqError("Range bounds must be numeric");
          const [first, last, width] = bounds as [number, number, number];
          if (width !== 0) yield* numbers(first, last, width, machine);
        }
  });
}

/** The first so many outputs of a filter. */
function limit([count, body]: readonly Filter[]): Filter {
  function* take<T>(many: Value, outputs: () => Iterable<T>): Generator<T> {
    const most = numberOf(many) ?? Infinity;
    if (most === 0) return;
    let left = most;
    for (const output of outputs()) {
      yield output;
      if (most > 0 && --left <= 0) return;
    }
  }
  return filter(
    function* run(env, input) {
      for (const many of count!.run(env, input)) yield* take(many, () => body!.run(env, input));
    },
    function* paths(env, at) {
      for (const many of count!.run(env, at.value)) yield* take(many, () => body!.paths(env, at));
    },
  );
}

function first([body]: readonly Filter[]): Filter {
  return limit([single(() => 1), body!]);
}

function last([body]: readonly Filter[]): Filter {
  return single((env, input) => {
    let value: Value = null;
    for (value of body!.run(env, input));
    return value;
  });
}

function nth([index, body]: readonly Filter[]): Filter {
  return filter(function* run(env, input) {
    for (const wanted of index!.run(env, input)) {
      const at = numberOf(wanted) ?? 0;
      if (at < 0) throw new JqError("nth doesn't support negative indices");
      let left = at;
      for (const value of body!.run(env, input)) {
        if (left-- > 0) continue;
        yield value;
        break;
      }
    }
  });
}

/** `while(cond; update)` and `until(cond; update)`. */
function loop(until: boolean): Builtin {
  return ([condition, update], machine) =>
    filter(function* run(env, input): Generator<Value> {
      let value = input;
      for (;;) {
        machine.step();
        const met = truthy(firstOf(condition!, env, value)?.value ?? false);
        if (until && met) yield value;
        if (met === until) return;
        if (!until) yield value;
        if (!update!.one) {
          for (const next of update!.run(env, value)) yield* run(env, next);
          return;
        }
        value = update!.one(env, value);
      }
    });
}

function repeat([body]: readonly Filter[], machine: Machine): Filter {
  return filter(function* run(env, input): Generator<Value> {
    let value = input;
    for (;;) {
      machine.step();
      yield value;
      if (!body!.one) {
        for (const next of body!.run(env, value)) yield* run(env, next);
        return;
      }
      value = body!.one(env, value);
    }
  });
}

/** `any` and `all` over the outputs of a generator, of which no more are asked for than needed. */
function quantifier(any: boolean): Builtin {
  return (args) =>
    filter((env, input) => {
      const [generator, condition] = args.length === 2 ? args : [undefined, args[0]];
      const values = generator ? generator.run(env, input) : childrenOf(iterable(input));
      for (const value of values)
        for (const met of condition ? condition.run(env, value) : [value]) if (truthy(met) === any) return [any];
      return [!any];
    });
}

function iterable(value: Value): Value {
  if (isScalar(value))
    throw new JqError(`Cannot iterate over ${kindOf(value)}${value === null ? " (null)" : ` (${toJson(value)})`}`);
  return value;
}

function isEmpty([body]: readonly Filter[]): Filter {
  return single((env, input) => {
    for (const _ of body!.run(env, input)) return false;
    return true;
  });
}

/** Whether an output of the second generator equals one of the first. */
function isIn(args: readonly Filter[]): Filter {
  const [source, list] = args.length === 2 ? [args[0], args[1]!] : [undefined, args[0]!];
  return single((env, input) => {
    for (const value of source ? source.run(env, input) : [input])
      for (const other of list.run(env, input)) if (equal(value, other)) return true;
    return false;
  });
}

function getPathBuiltin([path]: readonly Filter[]): Filter {
  const checked = (value: Value): Path => {
    if (!isArray(value)) throw new JqError("Path must be specified as an array");
    return value;
  };
  return filter(
    function* run(env, input) {
      for (const one of path!.run(env, input)) yield getPath(input, checked(one));
    },
    function* paths(env, at) {
      for (const one of path!.run(env, at.value)) {
        if (at.made) throw new JqError(`Invalid path expression with result ${toJson(at.value)}`);
        yield { path: [...at.path, ...checked(one)], value: reached(at.value, checked(one)) };
      }
    },
  );
}

/** What is at a path; null where it cannot be. */
function reached(value: Value, path: Path): Value {
  try {
    return getPath(value, path);
  } catch (error) {
    if (error instanceof JqError) return null;
    throw error;
  }
}

function debug(args: readonly Filter[], machine: Machine): Filter {
  const [message] = args;
  return filter(
    (env, input) => {
      for (const value of message ? message.run(env, input) : [input]) machine.say(`${toJson(["DEBUG:", value])}\n`);
      return [input];
    },
    (_, at) => {
      machine.say(`${toJson(["DEBUG:", at.value])}\n`);
      return [at];
    },
  );
}

function haltError(input: Value, code: Value): never {
  const number = numberOf(code);
  if (number === undefined) throw typeError(input, "halt_error/1: number required");
  throw new HaltSignal(number, input);
}

/** Control, selection, paths and what comes from outside. */
export const CORE: Builtins = {
  "empty/0": () => filter(() => []),
  "not/0": native((input) => !truthy(input)),
  "select/1": select,
  "values/0": only((value) => value !== null),
  "nulls/0": only((value) => value === null),
  "booleans/0": only((value) => typeof value === "boolean"),
  "numbers/0": only((value) => numberOf(value) !== undefined),
  "strings/0": only((value) => typeof value === "string"),
  "arrays/0": only(isArray),
  "objects/0": only(isObject),
  "iterables/0": only((value) => !isScalar(value)),
  "scalars/0": only(isScalar),
  "recurse/0": recurse,
  "recurse/1": recurse,
  "recurse/2": recurse,
  "recurse_down/0": recurse,
  "range/1": range,
  "range/2": range,
  "range/3": range,
  "limit/2": limit,
  "first/1": first,
  "last/1": last,
  "nth/2": nth,
  "while/2": loop(false),
  "until/2": loop(true),
  "repeat/1": repeat,
  "any/0": quantifier(true),
  "any/1": quantifier(true),
  "any/2": quantifier(true),
  "all/0": quantifier(false),
  "all/1": quantifier(false),
  "all/2": quantifier(false),
  "isempty/1": isEmpty,
  "IN/1": isIn,
  "IN/2": isIn,
  "error/0": () =>
    filter((_, input) => {
      throw new JqError(input);
    }),
  "error/1": ([message]) =>
    filter(function* run(env, input) {
      for (const value of message!.run(env, input)) throw new JqError(value);
      yield* [];
    }),
  "path/1": ([expression]) =>
    filter(function* run(env, input) {
      for (const { path } of pathsOf(expression!, env, input)) yield path;
    }),
  "getpath/1": getPathBuiltin,
  "debug/0": debug,
  "debug/1": debug,
  "stderr/0": (_, machine) =>
    single((__, input) => {
      machine.say(typeof input === "string" ? input : toJson(input));
      return input;
    }),
  "input/0": (_, machine) => single(() => machine.input()),
  "inputs/0": (_, machine) =>
    filter(function* run() {
      for (let value = machine.next(); value !== undefined; value = machine.next()) yield value;
    }),
  "input_filename/0": (_, machine) => single(() => machine.fileName ?? null),
  "input_line_number/0": (_, machine) => single(() => machine.line),
  "env/0": (_, machine) => single(() => machine.environment),
  "now/0": (_, machine) => single(() => machine.now()),
  "halt/0": () =>
    single(() => {
      throw new HaltSignal(0);
    }),
  "halt_error/0": native((input) => haltError(input, 5)),
  "halt_error/1": native((input, code) => haltError(input, code)),
  "get_search_list/0": () => single(() => []),
};
