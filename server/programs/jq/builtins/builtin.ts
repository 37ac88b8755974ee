import { combinations, filter, single, type Filter } from "../filter.ts";
import type { Machine } from "../machine.ts";
import type { Value } from "../value.ts";

/** Makes a filter of the arguments of a call. */
export type Builtin = (args: readonly Filter[], machine: Machine) => Filter;

export type Builtins = Readonly<Record<string, Builtin>>;

/** A function of its input and the values of its arguments, of which the first varies fastest (a "C function" of jq). */
export function native(apply: (input: Value, ...args: Value[]) => Value): Builtin {
  return (args) => {
    if (args.length === 0) return single((_, input) => apply(input));
    const [first] = args;
    if (args.length === 1 && first!.one) {
      const one = first!.one;
      return single((env, input) => apply(input, one(env, input)));
    }
    return filter(function* run(env, input) {
      for (const values of combinations(args, env, input, "first")) yield apply(input, ...values);
    });
  };
}

/** A function of values that gives any number of outputs; its first argument varies slowest. */
export function stream(apply: (input: Value, ...args: Value[]) => Iterable<Value>): Builtin {
  return (args) =>
    filter(function* run(env, input) {
      for (const values of combinations(args, env, input, "last")) yield* apply(input, ...values);
    });
}
