import type { Shell } from "../interpreter/shell.ts";

/** The directories that `pushd` remembers; the first of the list is always the working directory. */
export class Directories {
  readonly #shell: Shell;
  #below: string[];

  constructor(shell: Shell, below: readonly string[] = []) {
    this.#shell = shell;
    this.#below = [...below];
  }

  copy(shell: Shell): Directories {
    return new Directories(shell, this.#below);
  }

  list(): string[] {
    return [this.#shell.variables.get("PWD") ?? this.#shell.process.cwd, ...this.#below];
  }

  /** Replaces what lies below the working directory. */
  setBelow(directories: readonly string[]): void {
    this.#below = [...directories];
  }

  get below(): readonly string[] {
    return this.#below;
  }
}
