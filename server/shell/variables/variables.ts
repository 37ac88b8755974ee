import { hashOrder } from "./hash-order.ts";
import { AssociativeArray } from "./associative-array.ts";
import { IndexedArray } from "./indexed-array.ts";
import { Variable, type Data, type Dynamic } from "./variable.ts";

/** What a function call hides: variables that it made local, as they were before. Undefined: there was none. */
interface Frame<C> {
  readonly hidden: Map<string, Variable<C> | undefined>;
}

/**
 * The variables of one shell. Functions see those of their callers (dynamic scope), so there is one table; a local
 * variable takes the place of the outer one until the function returns. `C` is the shell, handed to dynamic variables.
 */
export class Variables<C = unknown> {
  readonly #context: C;
  #table: Map<string, Variable<C>>;
  #frames: Frame<C>[];
  #environment: Readonly<Record<string, string>> | undefined;
  /** Marks the variables that may be changed in place: no fork of this shell has them, too. */
  #owner: object = {};
  /** Functions that are exported: they travel in the environment, too. */
  readonly #exportedFunctions: () => ReadonlyMap<string, string>;

  constructor(context: C, exportedFunctions: () => ReadonlyMap<string, string>, from?: Variables<C>) {
    this.#context = context;
    this.#exportedFunctions = exportedFunctions;
    this.#table = new Map(from ? from.#table : []);
    this.#frames = from ? from.#frames.map(({ hidden }) => ({ hidden: new Map(hidden) })) : [];
    this.#environment = from ? from.#environment : undefined;
    if (from) from.#owner = {};
  }

  /** The mark of variables that this shell alone has. */
  get owner(): object {
    return this.#owner;
  }

  /** The variable itself, name references not followed. */
  find(name: string): Variable<C> | undefined {
    return this.#table.get(name);
  }

  get count(): number {
    return this.#table.size;
  }

  names(): string[] {
    return [...this.#table.keys()];
  }

  entries(): [string, Variable<C>][] {
    return [...this.#table];
  }

  /** What a variable holds now. */
  data(name: string): Data | undefined {
    const variable = this.#table.get(name);
    if (!variable) return undefined;
    return variable.dynamic ? variable.dynamic.read(this.#context) : variable.data;
  }

  /** The value of `$name`: of an array its first element. */
  get(name: string): string | undefined {
    const data = this.data(name);
    if (data === undefined || typeof data === "string") return data;
    return data instanceof IndexedArray ? data.get(0) : data.get("0");
  }

  /** The variable for a change in place: made if it is not there, copied if it is another shell's. */
  writable(name: string): Variable<C> {
    let variable = this.#table.get(name);
    if (!variable) this.#table.set(name, (variable = new Variable<C>(this.#owner)));
    else if (variable.owner !== this.#owner) this.#table.set(name, (variable = variable.copy(this.#owner)));
    if (variable.exported) this.#environment = undefined;
    return variable;
  }

  /** Gives a variable a value as it is: attributes, references and `readonly` are the caller's to see to. */
  put(name: string, data: Data): void {
    const variable = this.writable(name);
    if (variable.dynamic && typeof data === "string") variable.dynamic.write?.(this.#context, data);
    else variable.data = data;
  }

  /** What the values hold that are this shell's own, in characters. */
  get held(): number {
    let sum = 0;
    for (const { owner, data } of this.#table.values()) {
      if (owner !== this.#owner || data === undefined) continue;
      if (typeof data === "string") sum += data.length;
      else for (const value of data.values()) sum += value.length;
    }
    return sum;
  }

  makeDynamic(name: string, dynamic: Dynamic<C>): void {
    this.writable(name).dynamic = dynamic;
  }

  setExported(name: string, exported: boolean): void {
    this.writable(name).exported = exported;
    this.#environment = undefined;
  }

  unset(name: string): void {
    if (this.#table.get(name)?.exported) this.#environment = undefined;
    const frame = this.#frames.at(-1);
    // A local variable that is unset stays local, without a value.
    if (frame?.hidden.has(name)) this.#table.set(name, new Variable<C>(this.#owner));
    else this.#table.delete(name);
  }

  /** To be called when exported functions change. */
  environmentChanged(): void {
    this.#environment = undefined;
  }

  // Functions

  get depth(): number {
    return this.#frames.length;
  }

  enter(): void {
    this.#frames.push({ hidden: new Map() });
  }

  leave(): void {
    const { hidden } = this.#frames.pop()!;
    for (const [name, variable] of hidden) this.#restore(name, variable);
  }

  #restore(name: string, variable: Variable<C> | undefined): void {
    if (variable?.exported || this.#table.get(name)?.exported) this.#environment = undefined;
    if (variable) this.#table.set(name, variable);
    else this.#table.delete(name);
  }

  isLocal(name: string): boolean {
    return this.#frames.at(-1)?.hidden.has(name) === true;
  }

  localNames(): string[] {
    return [...(this.#frames.at(-1)?.hidden.keys() ?? [])];
  }

  /** Makes a variable local to the running function. It is new and empty, but exported if the outer one was. */
  makeLocal(name: string): Variable<C> {
    const frame = this.#frames.at(-1)!;
    if (frame.hidden.has(name)) return this.writable(name);
    const outer = this.#table.get(name);
    frame.hidden.set(name, outer);
    const variable = outer?.temporary ? outer.copy(this.#owner) : new Variable<C>(this.#owner);
    variable.temporary = false;
    variable.exported = outer?.exported ?? false;
    this.#table.set(name, variable);
    this.#environment = undefined;
    return variable;
  }

  /** What the running function, or none of its callers, has hidden: the global variable, for `declare -g`. */
  global(name: string): { variable: Variable<C> | undefined; replace: (this: void, variable: Variable<C>) => void } {
    const frame = this.#frames.find(({ hidden }) => hidden.has(name));
    if (!frame) return { variable: this.#table.get(name), replace: (variable) => void this.#table.set(name, variable) };
    return { variable: frame.hidden.get(name), replace: (variable) => void frame.hidden.set(name, variable) };
  }

  /** Sets variables for the time of one command; returns what undoes that. */
  override(assignments: Iterable<readonly [string, Variable<C>]>): () => void {
    const before = new Map<string, Variable<C> | undefined>();
    for (const [name, variable] of assignments) {
      if (!before.has(name)) before.set(name, this.#table.get(name));
      this.#table.set(name, variable);
    }
    this.#environment = undefined;
    return () => {
      for (const [name, variable] of before) this.#restore(name, variable);
    };
  }

  // Environment

  /** What a program that is started gets. In the order in which bash hands it over. */
  environment(): Readonly<Record<string, string>> {
    return (this.#environment ??= this.#makeEnvironment());
  }

  #makeEnvironment(): Record<string, string> {
    const exported = new Map<string, string>();
    for (const [name, variable] of this.#table) {
      if (!variable.exported) continue;
      const value = this.get(name);
      if (value !== undefined && !(variable.data instanceof AssociativeArray)) exported.set(name, value);
    }
    for (const [name, text] of this.#exportedFunctions()) exported.set(`BASH_FUNC_${name}%%`, text);
    const environment: Record<string, string> = {};
    for (const name of hashOrder([...exported.keys()])) if (name !== "_") environment[name] = exported.get(name)!;
    return environment;
  }
}
