import type { Filter } from "../filter.ts";
import type { Machine } from "../machine.ts";
import type { Builtins } from "./builtin.ts";
import { COLLECTIONS } from "./collections.ts";
import { CORE } from "./core.ts";
import { DATES } from "./dates.ts";
import { MATH } from "./math.ts";
import { REGEX } from "./regex.ts";
import { STREAMS } from "./streams.ts";
import { TEXT } from "./text.ts";

const ALL: Builtins = { ...CORE, ...COLLECTIONS, ...STREAMS, ...TEXT, ...REGEX, ...MATH, ...DATES };

/** A call of a function that jq brings along; undefined if it has none with so many arguments. */
export function builtin(name: string, args: readonly Filter[], machine: Machine): Filter | undefined {
  const key = `${name}/${args.length}`;
  if (key === "builtins/0") return ALL["first/1"]!([{ run: () => [Object.keys(ALL)], paths: () => [] }], machine);
  return Object.hasOwn(ALL, key) ? ALL[key]!(args, machine) : undefined;
}
