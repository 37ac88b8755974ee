import type { Kernel, Table } from "../../kernel/index.ts";

interface PostponedEvent {
  readonly kind: string;
  readonly args: unknown;
}

/** Events that came for processes while they were stopped, by `MACHINE/PID`, in their order. */
export class Postponed {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, readonly PostponedEvent[]>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#rows = kernel.state.table("postponed-events", { quiet: true });
  }

  add(process: string, event: PostponedEvent): void {
    this.#rows.set(process, [...(this.#rows.get(process) ?? []), event]);
  }

  /** The process goes on: what has waited happens now. */
  release(process: string): void {
    const waiting = this.#rows.get(process) ?? [];
    this.#rows.delete(process);
    for (const { kind, args } of waiting) this.#kernel.after(0, kind, args);
  }

  drop(process: string): void {
    this.#rows.delete(process);
  }
}
