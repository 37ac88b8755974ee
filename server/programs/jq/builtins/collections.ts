import { deletePaths, get, has, indicesOf, keysOf, setPath, type Path } from "../access.ts";
import { add } from "../arithmetic.ts";
import { modify } from "../assign.ts";
import { JqError, shown, typeError, typeError2 } from "../errors.ts";
import { filter, firstOf, pathsOf, single, type Env, type Filter } from "../filter.ts";
import {
  compare,
  contains,
  isArray,
  isObject,
  kindOf,
  numberOf,
  sortedBy,
  toJson,
  truthy,
  type JsonObject,
  type Value,
} from "../value.ts";
import { native, stream, type Builtin, type Builtins } from "./builtin.ts";

function elements(value: Value): readonly Value[] {
  if (isArray(value)) return value;
  if (isObject(value)) return [...value.values()];
  throw new JqError(`Cannot iterate over ${kindOf(value)}${value === null ? " (null)" : ` (${shown(value)})`}`);
}

function array(value: Value, problem: string): readonly Value[] {
  if (!isArray(value)) throw typeError(value, problem);
  return value;
}

const UNEQUAL = "cannot be sorted, as they are not both arrays";
const NO_ITERATION = "cannot be iterated over";

/** The elements with what a filter gives for each, as lists. */
function keyed(input: Value, by: Filter, env: Env | undefined, problem: string): Keyed {
  const keys = elements(input).map((one) => [...by.run(env, one)]);
  if (!isArray(input)) throw typeError2(input, keys, problem);
  return { items: input, keys };
}

interface Keyed {
  readonly items: readonly Value[];
  readonly keys: readonly Value[];
}

/** `NAME_by(f)`. */
function ordered(apply: (items: readonly Value[], keys: readonly Value[]) => Value, problem = UNEQUAL): Builtin {
  return ([by]) =>
    single((env, input) => {
      const { items, keys } = keyed(input, by!, env, problem);
      return apply(items, keys);
    });
}

function groups(items: readonly Value[], keys: readonly Value[]): Value[][] {
  const all: Value[][] = [];
  let last: Value | undefined;
  for (const { key, value } of sortedBy(items, keys)) {
    if (last !== undefined && compare(last, key) === 0) all.at(-1)!.push(value);
    else all.push([value]);
    last = key;
  }
  return all;
}

/** The least element, or of the greatest ones the last. */
function extreme(sign: 1 | -1) {
  return (items: readonly Value[], keys: readonly Value[]): Value => {
    let best = 0;
    for (let at = 1; at < items.length; at++) {
      const by = compare(keys[at]!, keys[best]!);
      if (sign > 0 ? by < 0 : by >= 0) best = at;
    }
    return items[best] ?? null;
  };
}

/** `min` and `max`: elements are their own keys. */
function extremeOf(sign: 1 | -1): Builtin {
  return native((input) => {
    if (!isArray(input)) throw typeError2(input, input, NO_ITERATION);
    return extreme(sign)(input, input);
  });
}

function firstOfGroups(items: readonly Value[], keys: readonly Value[]): Value {
  return groups(items, keys).map((group) => group[0]!);
}

function sorted(items: readonly Value[], keys: readonly Value[]): Value {
  return sortedBy(items, keys).map(({ value }) => value);
}

function entries(input: Value): Value[] {
  return keysOrFail(input, false).map(
    (key) =>
      new Map<string, Value>([
        ["key", key],
        ["value", get(input, key)],
      ]),
  );
}

function keysOrFail(input: Value, sorted: boolean): Value[] {
  const keys = keysOf(input, sorted);
  if (!keys) throw typeError(input, "has no keys");
  return keys;
}

const KEY_NAMES = ["key", "k", "name", "Name", "K", "Key"];
const VALUE_NAMES = ["value", "v", "Value", "V"];

function fromEntries(input: Value): JsonObject {
  const object = new Map<string, Value>();
  for (const entry of elements(input)) {
    const name = KEY_NAMES.map((one) => get(entry, one)).find((key) => key !== null && key !== undefined);
    const key = name ?? null;
    if (key === null) throw new JqError("Cannot use null (null) as object key");
    const held = isObject(entry) ? VALUE_NAMES.find((one) => entry.has(one)) : undefined;
    object.set(typeof key === "string" ? key : toJson(key), held === undefined ? null : get(entry, held));
  }
  return object;
}

function* flattened(items: Iterable<Value>, depth: number): Generator<Value> {
  for (const item of items) {
    if (isArray(item) && depth !== 0) yield* flattened(item, depth - 1);
    else yield item;
  }
}

function flatten(input: Value, depth: Value): Value {
  const levels = numberOf(depth);
  if (levels === undefined || levels < 0) throw new JqError("flatten depth must not be negative");
  return [...flattened(elements(input), levels)];
}

function indices(input: Value, part: Value): Value {
  if (isArray(input)) return indicesOf(input, isArray(part) ? part : [part]);
  if (typeof input !== "string" || typeof part !== "string") return get(input, part);
  const found: number[] = [];
  if (part !== "")
    for (let at = input.indexOf(part); at >= 0; at = input.indexOf(part, at + 1))
      found.push(Array.from(input.slice(0, at)).length);
  return found;
}

function combined(lists: readonly Value[]): Value[][] {
  return lists.reduce<Value[][]>(
    (some, list) => some.flatMap((before) => elements(list).map((one) => [...before, one])),
    [[]],
  );
}

function transpose(input: Value): Value {
  const rows = elements(input).map(elements);
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, at) => rows.map((row) => row[at] ?? null));
}

function binarySearch(input: Value, wanted: Value): Value {
  const items = isArray(input) ? input : [];
  let [low, high] = [0, items.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const by = compare(items[middle]!, wanted);
    if (by === 0) return middle;
    if (by < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1 - low;
}

function join(input: Value, separator: Value): Value {
  let whole: Value = null;
  for (const item of elements(input)) {
    const text: Value =
      typeof item === "boolean" || numberOf(item) !== undefined ? toJson(item) : truthy(item) ? item : "";
    whole = add(whole === null ? "" : add(whole, separator), text);
  }
  return whole ?? "";
}

/** Applies a filter from the leaves up. */
function walk([change]: readonly Filter[]): Filter {
  function* at(env: Env | undefined, value: Value): Generator<Value> {
    yield* change!.run(env, rebuilt(env, value));
  }
  function rebuilt(env: Env | undefined, value: Value): Value {
    if (isArray(value)) return value.flatMap((one) => [...at(env, one)]);
    if (!isObject(value)) return value;
    const object = new Map<string, Value>();
    for (const [key, one] of value)
      for (const first of at(env, one)) {
        object.set(key, first);
        break;
      }
    return object;
  }
  return filter((env, input) => at(env, input));
}

function mapValues([change]: readonly Filter[]): Filter {
  const children: Filter = filter(
    (_, input) => elements(input),
    function* paths(_, at) {
      for (const key of keysOf(at.value, false) ?? elements(at.value))
        yield { path: [...at.path, key], value: get(at.value, key) };
    },
  );
  return single((env, input) => modify(children, env, input, (old) => firstOf(change!, env, old)));
}

function withEntries([change]: readonly Filter[]): Filter {
  return single((env, input) => fromEntries(entries(input).flatMap((entry) => [...change!.run(env, entry)])));
}

function deletion([target]: readonly Filter[]): Filter {
  return single((env, input) =>
    deletePaths(
      input,
      Array.from(pathsOf(target!, env, input), ({ path }) => path),
    ),
  );
}

function pick([target]: readonly Filter[]): Filter {
  return single((env, input) => {
    let picked: Value = null;
    for (const { path, value } of pathsOf(target!, env, input)) picked = setPath(picked, path, value);
    return picked;
  });
}

function asPath(value: Value): Path {
  if (!isArray(value)) throw new JqError("Path must be specified as an array");
  return value;
}

function asPaths(value: Value): Path[] {
  if (!isArray(value)) throw new JqError("Paths must be specified as an array");
  return value.map(asPath);
}

/** `INDEX(stream; key)`: an object of what a stream gives. */
function indexBy(args: readonly Filter[]): Filter {
  const [source, key] = args.length === 2 ? [args[0], args[1]!] : [undefined, args[0]!];
  return single((env, input) => {
    const object = new Map<string, Value>();
    for (const row of source ? source.run(env, input) : elements(input)) {
      const name = firstOf(key, env, row)?.value ?? null;
      object.set(typeof name === "string" ? name : toJson(name), row);
    }
    return object;
  });
}

/** Arrays and objects. */
export const COLLECTIONS: Builtins = {
  "map/1": ([change]) => single((env, input) => elements(input).flatMap((one) => [...change!.run(env, one)])),
  "map_values/1": mapValues,
  "length/0": native((input) => {
    if (input === null) return 0;
    if (typeof input === "string") return [...input].length;
    if (isArray(input)) return input.length;
    if (isObject(input)) return input.size;
    const number = numberOf(input);
    if (number === undefined) throw typeError(input, "has no length");
    return Math.abs(number);
  }),
  "keys/0": native((input) => keysOrFail(input, true)),
  "keys_unsorted/0": native((input) => keysOrFail(input, false)),
  "has/1": native((input, key) => has(input, key)),
  "in/1": native((input, object) => has(object, input)),
  "contains/1": native((input, part) => containsOrFail(input, part)),
  "inside/1": native((input, whole) => containsOrFail(whole, input)),
  "add/0": native((input) => elements(input).reduce<Value>(add, null)),
  "add/1": ([values]) => single((env, input) => [...values!.run(env, input)].reduce<Value>(add, null)),
  "first/0": native((input) => get(input, 0)),
  "last/0": native((input) => get(input, -1)),
  "nth/1": native((input, at) => get(input, at)),
  "sort/0": native((input) => {
    const items = array(input, "cannot be sorted, as it is not an array");
    return sorted(items, items);
  }),
  "sort_by/1": ordered(sorted),
  "group_by/1": ordered(groups),
  "unique/0": native((input) => {
    const keys = elements(input);
    if (!isArray(input)) throw typeError2(input, keys, UNEQUAL);
    return firstOfGroups(input, input);
  }),
  "unique_by/1": ordered(firstOfGroups),
  "min/0": extremeOf(1),
  "max/0": extremeOf(-1),
  "min_by/1": ordered(extreme(1), NO_ITERATION),
  "max_by/1": ordered(extreme(-1), NO_ITERATION),
  "reverse/0": native((input) => {
    if (input === null) return [];
    if (isArray(input)) return input.toReversed();
    return get(input, 0);
  }),
  "to_entries/0": native(entries),
  "from_entries/0": native(fromEntries),
  "with_entries/1": withEntries,
  "flatten/0": native((input) => flatten(input, Infinity)),
  "flatten/1": native((input, depth) => flatten(input, depth)),
  "indices/1": native((input, part) => indices(input, part)),
  "index/1": native((input, part) => get(indices(input, part), 0)),
  "rindex/1": native((input, part) => get(indices(input, part), -1)),
  "combinations/0": stream((input) => combined(elements(input))),
  "combinations/1": stream((input, times) => combined(Array.from({ length: numberOf(times) ?? 0 }, () => input))),
  "transpose/0": native(transpose),
  "bsearch/1": native((input, wanted) => binarySearch(input, wanted)),
  "join/1": native((input, separator) => join(input, separator)),
  "walk/1": walk,
  "del/1": deletion,
  "delpaths/1": native((input, paths) => deletePaths(input, asPaths(paths))),
  "setpath/2": native((input, path, value) => setPath(input, asPath(path), value)),
  "pick/1": pick,
  "toarray/0": native((input) => (isArray(input) ? input : [input])),
  "INDEX/1": indexBy,
  "INDEX/2": indexBy,
};

function containsOrFail(whole: Value, part: Value): boolean {
  if (kindOf(whole) !== kindOf(part)) throw typeError2(whole, part, "cannot have their containment checked");
  return contains(whole, part);
}
