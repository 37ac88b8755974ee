import type { Duration } from "../../kernel/index.ts";
import type { LocationMatch } from "./location-match.ts";
import type { ConfNode } from "./parse.ts";
import { compileTemplate, type Template } from "./template.ts";
import { parseSize, parseTime } from "./values.ts";

/**
 * What is set at a place of the configuration. A directive that a block does not have is taken from the block around it, and
 * where it has one, all of those outside no longer count (ngx_conf_merge_*).
 */
export class Scope {
  readonly node: ConfNode;
  readonly outer: Scope | undefined;
  /** Of a location. */
  readonly match: LocationMatch | undefined;
  readonly #byName = new Map<string, ConfNode[]>();
  readonly #cache = new Map<string, unknown>();

  constructor(node: ConfNode, outer: Scope | undefined, match?: LocationMatch) {
    this.node = node;
    this.outer = outer;
    this.match = match;
    for (const child of node.children) {
      const same = this.#byName.get(child.name);
      if (same) same.push(child);
      else this.#byName.set(child.name, [child]);
    }
  }

  /** Directives of these names here, not around. */
  own(name: string): readonly ConfNode[] {
    return this.#byName.get(name) ?? [];
  }

  /** The innermost block that has one of these directives. */
  where(...names: readonly string[]): Scope | undefined {
    return names.some((name) => this.own(name).length > 0) ? this : this.outer?.where(...names);
  }

  /** Directives of these names in the innermost block that has any. */
  find(...names: readonly string[]): readonly ConfNode[] {
    const scope = this.where(...names);
    return scope ? names.flatMap((name) => scope.own(name)) : [];
  }

  word(name: string): string | undefined {
    return this.find(name)[0]?.args[0];
  }

  flag(name: string, standard: boolean): boolean {
    const word = this.word(name);
    return word === undefined ? standard : word.toLowerCase() === "on";
  }

  size(name: string, standard: number): number {
    const word = this.word(name);
    return word === undefined ? standard : parseSize(word)!;
  }

  time(name: string, standard: Duration): Duration {
    const word = this.word(name);
    return word === undefined ? standard : parseTime(word)!;
  }

  /** What is made of this scope's settings, once. */
  cached<T>(key: string, make: () => T): T {
    if (!this.#cache.has(key)) this.#cache.set(key, make());
    return this.#cache.get(key) as T;
  }

  /** A text of the configuration as a template; it was checked when it was read. */
  template(text: string): Template {
    return this.cached(`template ${text}`, () => compileTemplate(text) as Template);
  }
}
