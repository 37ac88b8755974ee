import type { Filter } from "./filter.ts";

/** A function whose body is known once it has been compiled; it may call itself. */
export interface Callable {
  readonly params: number;
  body?: Filter;
}

/** A name that can be seen from some place of a program. `$x` is a value, `f/1` a function, `*x` a label. */
export interface Scope {
  readonly name: string;
  readonly callable?: Callable;
  readonly up: Scope | undefined;
}

export interface Found {
  readonly scope: Scope;
  /** How many entries further up it is. */
  readonly hops: number;
}

export function lookUp(scope: Scope | undefined, name: string): Found | undefined {
  let hops = 0;
  for (let at = scope; at; at = at.up, hops++) if (at.name === name) return { scope: at, hops };
  return undefined;
}
