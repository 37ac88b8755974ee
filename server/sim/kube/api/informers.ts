import { SECOND, type Duration, type Kernel, type Table } from "../../kernel/index.ts";
import type { Client } from "./client.ts";
import type { AnyKind, Kind } from "./kind.ts";
import { resourceGroup } from "./status-of.ts";
import type { KubeObject } from "./types/meta.ts";

/** A kind that a process may not list. */
export interface WatchFailure {
  /** As Go calls its objects: `*v1.Pod`. */
  readonly type: string;
  /** `failed to list *v1.Pod: pods is forbidden: User …`. */
  readonly error: string;
}

export interface InformerOptions {
  /** Names its table and event: `kube-controller-manager`. */
  readonly name: string;
  /** Whether the process runs. */
  readonly active: () => boolean;
  readonly failed: (failure: WatchFailure) => void;
}

/** client-go's back-off of reflectors: 800 ms, doubled up to thirty seconds. */
const FIRST: Duration = 0.8 * SECOND;
const MOST: Duration = 30 * SECOND;

/**
 * The shared informers of a process. A watch that is open stays open when its user loses the right to it; a process that
 * starts without the right gets no list, and none of its loops that wait for that list begins (WaitForCacheSync). It tries
 * again after a growing while. What is not synchronized stands in a table: mostly, it is empty.
 */
export class Informers {
  readonly #client: Client;
  readonly #kernel: Kernel;
  readonly #options: InformerOptions;
  /** By kind, how often its list was refused. */
  readonly #refused: Table<string, number>;
  readonly #event: string;
  /** By name of a kind: the loops that wait for it. Loops are bound anew after restore, and say then what they watch. */
  readonly #kinds = new Map<string, AnyKind>();
  readonly #waiting = new Set<{ readonly kinds: readonly string[]; readonly begin: () => void }>();

  constructor(client: Client, options: InformerOptions) {
    this.#client = client;
    this.#options = options;
    const { kernel, cluster } = client.server;
    this.#kernel = kernel;
    this.#event = `kube/${cluster}/${options.name}/list`;
    this.#refused = kernel.state.table(`kube/${cluster}/${options.name}/refused-lists`, { quiet: true });
    kernel.handle(this.#event, (kind: string) => this.#tryAgain(kind));
  }

  /** The process has started: it lists everything that its loops watch. */
  start(): void {
    this.#refused.clear();
    for (const [name, kind] of this.#kinds) {
      const failure = this.#failure(kind);
      if (failure) this.#refuse(name, 0, failure);
    }
  }

  /** A loop that needs these kinds; `begin` is called when the last one of them that was missing has come. */
  register(kinds: readonly Kind[], begin: () => void): { readonly synced: () => boolean; readonly stop: () => void } {
    const waiter = { kinds: kinds.map(nameOf), begin };
    for (const kind of kinds) this.#kinds.set(nameOf(kind), kind);
    this.#waiting.add(waiter);
    const synced = (): boolean => this.#refused.size === 0 || !waiter.kinds.some((name) => this.#refused.has(name));
    return { synced, stop: () => this.#waiting.delete(waiter) };
  }

  #failure(kind: AnyKind): WatchFailure | undefined {
    const refusal = this.#client.refusal("list", kind);
    const type = `*${kind.version}.${kind.kind}`;
    return refusal === undefined ? undefined : { type, error: `failed to list ${type}: ${refusal}` };
  }

  #refuse(name: string, tries: number, failure: WatchFailure): void {
    this.#options.failed(failure);
    this.#refused.set(name, tries + 1);
    this.#kernel.after(Math.min(FIRST * 2 ** tries, MOST), this.#event, name, { periodic: true });
  }

  #tryAgain(name: string): void {
    const tries = this.#refused.get(name);
    const kind = this.#kinds.get(name);
    if (tries === undefined || !kind) return;
    const failure = this.#options.active() ? this.#failure(kind) : undefined;
    if (failure) return this.#refuse(name, tries, failure);
    this.#refused.delete(name);
    if (!this.#options.active()) return;
    for (const { kinds, begin } of this.#waiting)
      if (kinds.includes(name) && !kinds.some((other) => this.#refused.has(other))) begin();
  }
}

function nameOf(kind: Kind<KubeObject>): string {
  const { group, resource } = resourceGroup(kind);
  return `${resource}.${group}`;
}
