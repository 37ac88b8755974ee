import { setPath, type Path } from "../access.ts";
import { filter, type Filter } from "../filter.ts";
import { isArray, isObject, numberOf, truthy, type Value } from "../value.ts";
import { stream, type Builtins } from "./builtin.ts";

function* below(value: Value, path: Path): Generator<{ readonly path: Path; readonly value: Value }> {
  if (path.length > 0) yield { path, value };
  if (isArray(value)) for (const [key, one] of value.entries()) yield* below(one, [...path, key]);
  else if (isObject(value)) for (const [key, one] of value) yield* below(one, [...path, key]);
}

function paths([wanted]: readonly Filter[]): Filter {
  return filter(function* run(env, input) {
    for (const { path, value } of below(input, []))
      for (const chosen of wanted ? wanted.run(env, value) : [true]) if (truthy(chosen)) yield path;
  });
}

function isLeaf(value: Value): boolean {
  return isArray(value) ? value.length === 0 : isObject(value) ? value.size === 0 : true;
}

/** A value in pieces: `[path, leaf]`, and `[path]` where an array or object ends. */
export function* toStream(value: Value, path: Path = []): Generator<Value> {
  if (isLeaf(value)) {
    yield [path, value];
    return;
  }
  const children: readonly (readonly [Value, Value])[] = isArray(value)
    ? value.map((one, at) => [at, one] as const)
    : isObject(value)
      ? [...value]
      : [];
  for (const [key, one] of children) yield* toStream(one, [...path, key]);
  yield [[...path, children.at(-1)![0]]];
}

/** Values out of their pieces. */
function fromStream([pieces]: readonly Filter[]): Filter {
  return filter(function* run(env, input) {
    let value: Value = null;
    for (const piece of pieces!.run(env, input)) {
      const [path, leaf] = piece as readonly [Path, Value?];
      if (leaf !== undefined) value = setPath(value, path, leaf);
      if (path.length <= (leaf === undefined ? 1 : 0)) {
        yield value;
        value = null;
      }
    }
  });
}

function truncated(depth: number, piece: Value): Value[] {
  const [path, ...leaf] = piece as readonly [Path, ...Value[]];
  return path.length > depth ? [[path.slice(depth), ...leaf]] : [];
}

export const STREAMS: Builtins = {
  "paths/0": paths,
  "paths/1": paths,
  "leaf_paths/0": () =>
    filter(function* run(_, input) {
      for (const { path, value } of below(input, [])) if (!isArray(value) && !isObject(value)) yield path;
    }),
  "tostream/0": stream((input) => toStream(input)),
  "fromstream/1": fromStream,
  "truncate_stream/1": ([pieces]) =>
    filter(function* run(env, input) {
      for (const piece of pieces!.run(env, null)) yield* truncated(numberOf(input) ?? 0, piece);
    }),
};
