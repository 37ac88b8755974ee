import { changePath, deletePaths, getPath, setPath, type Path } from "./access.ts";
import { OPERATORS } from "./arithmetic.ts";
import { filter, firstOf, pathsOf, type Env, type Filter } from "./filter.ts";
import { truthy, type Value } from "./value.ts";

/** `=`, `|=`, `+=` and so on: the input with other values at the paths of the target. */
export function assignment(operator: string, target: Filter, value: Filter): Filter {
  if (operator === "|=") return modification(target, value);
  if (operator === "=") return forEachValue(target, value, (input, path, item) => setPath(input, path, item));
  if (operator === "//=")
    return forEachValue(target, value, (input, path, item) =>
      changePath(input, path, (old) => (truthy(old) ? old : item)),
    );
  const apply = OPERATORS[operator.slice(0, -1)]!;
  return forEachValue(target, value, (input, path, item) => changePath(input, path, (old) => apply(old, item)));
}

function forEachValue(target: Filter, value: Filter, change: (input: Value, path: Path, item: Value) => Value): Filter {
  return filter(function* run(env, input) {
    for (const item of value.run(env, input)) {
      let changed = input;
      for (const { path } of pathsOf(target, env, input)) changed = change(changed, path, item);
      yield changed;
    }
  });
}

/** Each place gets the first output for it; those without are deleted at the end. */
function modification(target: Filter, update: Filter): Filter {
  return filter((env, input) => [modify(target, env, input, (old) => firstOf(update, env, old))]);
}

export function modify(
  target: Filter,
  env: Env | undefined,
  input: Value,
  update: (old: Value) => { readonly value: Value } | undefined,
): Value {
  let changed = input;
  const gone: Path[] = [];
  for (const { path } of pathsOf(target, env, input)) {
    const next = update(getPath(changed, path));
    if (next) changed = setPath(changed, path, next.value);
    else gone.push(path);
  }
  return gone.length > 0 ? deletePaths(changed, gone) : changed;
}
