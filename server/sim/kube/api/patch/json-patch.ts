import { isObject, type JsonArray, type JsonObject, type JsonValue } from "../json.ts";
import { copyJson, sameJson } from "../equality.ts";

/** An operation that cannot be done: its message is that of evanphx/json-patch v4, which the server uses. */
export class PatchError extends Error {}

type Container = JsonObject | JsonArray;

const MISSING = "missing value";
const BAD_INDEX = "invalid index referenced";

/** Applies an RFC 6902 patch to a copy of the document. */
export function applyJsonPatch(document: JsonObject, patch: JsonArray): JsonValue {
  const root: JsonObject = { "": copyJson(document) };
  for (const operation of patch) {
    if (!isObject(operation)) throw new PatchError("Unexpected kind: unknown");
    apply(root, operation);
  }
  return root[""]!;
}

function apply(root: JsonObject, operation: JsonObject): void {
  const op = typeof operation["op"] === "string" ? operation["op"] : "unknown";
  const value = operation["value"];
  switch (op) {
    case "add": {
      const path = pathOf(operation, "path", `add operation failed to decode path: ${MISSING}`);
      const target =
        find(root, path) ?? fail(`add operation does not apply: doc is missing path: "${path}": ${MISSING}`);
      inside(`error in add for path: '${path}'`, () => add(target.container, target.key, value ?? null));
      return;
    }
    case "remove": {
      const path = pathOf(operation, "path", `remove operation failed to decode path: ${MISSING}`);
      const target =
        find(root, path) ?? fail(`remove operation does not apply: doc is missing path: "${path}": ${MISSING}`);
      inside(`error in remove for path: '${path}'`, () => remove(target.container, target.key));
      return;
    }
    case "replace": {
      const path = pathOf(operation, "path", `replace operation failed to decode path: ${MISSING}`);
      const target =
        find(root, path) ?? fail(`replace operation does not apply: doc is missing path: ${path}: ${MISSING}`);
      if (!exists(target.container, target.key))
        fail(`replace operation does not apply: doc is missing key: ${path}: ${MISSING}`);
      set(target.container, target.key, value ?? null);
      return;
    }
    case "move": {
      const from = pathOf(operation, "from", `move operation failed to decode from: ${MISSING}`);
      const source =
        find(root, from) ?? fail(`move operation does not apply: doc is missing from path: ${from}: ${MISSING}`);
      const moved = inside(`error in move for path: '${source.key}'`, () => {
        const found = get(source.container, source.key);
        remove(source.container, source.key);
        return found;
      });
      const path = pathOf(operation, "path", `move operation failed to decode path: ${MISSING}`);
      const target =
        find(root, path) ?? fail(`move operation does not apply: doc is missing destination path: ${path}: ${MISSING}`);
      inside(`error in move for path: '${path}'`, () => add(target.container, target.key, moved));
      return;
    }
    case "copy": {
      const from = pathOf(operation, "from", `copy operation failed to decode from: ${MISSING}`);
      const source =
        find(root, from) ?? fail(`copy operation does not apply: doc is missing from path: ${from}: ${MISSING}`);
      const copied = inside(`error in copy for from: '${from}'`, () => copyJson(get(source.container, source.key)));
      const path = pathOf(operation, "path", `copy operation failed to decode path: ${MISSING}`);
      const target =
        find(root, path) ?? fail(`copy operation does not apply: doc is missing destination path: ${path}: ${MISSING}`);
      inside("error while adding value during copy", () => add(target.container, target.key, copied));
      return;
    }
    case "test": {
      const path = pathOf(operation, "path", `test operation failed to decode path: ${MISSING}`);
      const target = find(root, path) ?? fail(`test operation does not apply: is missing path: ${path}: ${MISSING}`);
      const found = inside(`error in test for path: '${path}'`, () => get(target.container, target.key));
      if (!sameJson(found, value ?? null)) fail(`testing value ${path} failed: test failed`);
      return;
    }
    default:
      fail(`Unexpected kind: ${op}`);
  }
}

function fail(message: string): never {
  throw new PatchError(message);
}

/** Puts `head: ` in front of what goes wrong. */
function inside<T>(head: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof PatchError ? new PatchError(`${head}: ${error.message}`) : error;
  }
}

function pathOf(operation: JsonObject, member: string, message: string): string {
  const path = operation[member];
  return typeof path === "string" ? path : fail(message);
}

/** The container that the last token of a pointer is looked up in. The document itself is the member "" of the root. */
function find(root: JsonObject, path: string): { container: Container; key: string } | undefined {
  if (path === "") return { container: root, key: "" };
  const tokens = path
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  let container: JsonValue = root[""]!;
  for (const token of tokens.slice(0, -1)) {
    if (Array.isArray(container)) container = container[index(token, container.length - 1) ?? -1] ?? null;
    else if (isObject(container)) container = Object.hasOwn(container, token) ? container[token]! : null;
    else return undefined;
  }
  return Array.isArray(container) || isObject(container) ? { container, key: tokens.at(-1) ?? "" } : undefined;
}

/** A list index up to `last`; negative ones count from the end. */
function index(token: string, last: number): number | undefined {
  if (!/^-?\d+$/.test(token)) return undefined;
  const number = Number(token);
  const at = number < 0 ? number + last + 1 : number;
  return at >= 0 && at <= last ? at : undefined;
}

const NUMBER = /^[-+]?\d+$/;

function notANumber(token: string): string {
  return `strconv.Atoi: parsing ${JSON.stringify(token)}: invalid syntax`;
}

function listIndex(token: string, last: number): number {
  if (!NUMBER.test(token)) fail(notANumber(token));
  return index(token, last) ?? fail(`Unable to access invalid index: ${token}: ${BAD_INDEX}`);
}

/** A member of an object that is not there is none the less one that can be replaced, copied and tested: it is null. */
function exists(container: Container, key: string): boolean {
  return !Array.isArray(container) || index(key, container.length - 1) !== undefined;
}

function get(container: Container, key: string): JsonValue {
  if (Array.isArray(container)) return container[listIndex(key, container.length - 1)]!;
  return Object.hasOwn(container, key) ? container[key]! : null;
}

function set(container: Container, key: string, value: JsonValue): void {
  if (Array.isArray(container)) container[listIndex(key, container.length - 1)] = value;
  else container[key] = value;
}

function add(container: Container, key: string, value: JsonValue): void {
  if (!Array.isArray(container)) container[key] = value;
  else if (key === "-") container.push(value);
  else if (!NUMBER.test(key)) fail(`value was not a proper array index: '${key}': ${notANumber(key)}`);
  else container.splice(listIndex(key, container.length), 0, value);
}

function remove(container: Container, key: string): void {
  if (Array.isArray(container)) container.splice(listIndex(key, container.length - 1), 1);
  else if (Object.hasOwn(container, key)) delete container[key];
  else fail(`Unable to remove nonexistent key: ${key}: ${MISSING}`);
}
