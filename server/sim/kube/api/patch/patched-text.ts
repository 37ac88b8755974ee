import { isObject, type JsonObject, type JsonValue } from "../json.ts";

/**
 * The patched object as evanphx/json-patch v4 writes it: what the patch went through are maps by then, with sorted keys; the rest
 * stands as Go wrote the structure.
 */
export function patchedText({ value }: { readonly value: JsonValue }, patched: JsonObject): string {
  const opened = Array.isArray(value) ? value.flatMap(containers) : objectPaths(value);
  return JSON.stringify(marshalled(patched, opened));
}

/** Where an operation takes place: `/spec/ports/0` is in `spec` and `ports`. */
function containers(operation: JsonValue): string[][] {
  if (!isObject(operation)) return [];
  return [operation["path"], operation["from"]].flatMap((pointer) =>
    typeof pointer === "string" ? [pointer.split("/").slice(1, -1).map(unescaped)] : [],
  );
}

function unescaped(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The objects in a merge patch. */
function objectPaths(value: JsonValue): string[][] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    isObject(inner) ? [[key], ...objectPaths(inner).map((path) => [key, ...path])] : [],
  );
}

function marshalled(value: JsonValue, opened: readonly (readonly string[])[]): JsonValue {
  const inner = (key: string, item: JsonValue): JsonValue => {
    const below = opened.filter(([first]) => first === key).map(([, ...rest]) => rest);
    return below.length > 0 ? marshalled(item, below) : item;
  };
  if (Array.isArray(value)) return value.map((item, at) => inner(String(at), item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, inner(key, value[key]!)]),
  );
}
