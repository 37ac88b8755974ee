/** What `complete` says about the arguments of a command. */
export interface CompletionSpec {
  /** `-A` names: `file`, `directory`, `alias`… */
  readonly actions: readonly string[];
  readonly glob: string | undefined;
  readonly words: string | undefined;
  readonly functionName: string | undefined;
  readonly command: string | undefined;
  /** `-X`: candidates that it matches are left out. */
  readonly filter: string | undefined;
  readonly prefix: string | undefined;
  readonly suffix: string | undefined;
  /** `-o` names: `default`, `nospace`, `filenames`… */
  readonly options: ReadonlySet<string>;
}

/** The completion specs of a shell. */
export class Completions {
  readonly #specs = new Map<string, CompletionSpec>();
  /** The options of the completion that is being made, which `compopt` may change. */
  running: Set<string> | undefined;

  get(name: string): CompletionSpec | undefined {
    return this.#specs.get(name);
  }

  set(name: string, spec: CompletionSpec): void {
    this.#specs.set(name, spec);
  }

  delete(name: string): boolean {
    return this.#specs.delete(name);
  }

  clear(): void {
    this.#specs.clear();
  }

  names(): string[] {
    return [...this.#specs.keys()];
  }
}
