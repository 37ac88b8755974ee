import type { KubeObject } from "../types/meta.ts";
import type { Change } from "./history.ts";

/** Hears of a write, after it has happened and in the order of writes. */
export type Listener = (change: Change) => void;

/** The writes that a listener wants to hear of; with nothing said, all to the resource. The narrowest counts. */
export interface Scope {
  readonly namespace?: string;
  /** With the namespace, one object. */
  readonly name?: string;
  /** `key=value`: objects that have this label, before the write or after. */
  readonly label?: string;
}

/** Who listens to one resource, by what they listen to: a write costs those whom it concerns. */
export class Listeners {
  readonly #byScope = new Map<string, Map<Listener, number>>();
  #labels = 0;

  /** They hear in the order of their places; who has the same one, in the order in which they came. */
  add(listener: Listener, scope: Scope, place: number): () => void {
    const key = keyOfScope(scope);
    let listeners = this.#byScope.get(key);
    if (!listeners) this.#byScope.set(key, (listeners = new Map()));
    const later = [...listeners].filter(([, other]) => other > place);
    for (const [other] of later) listeners.delete(other);
    listeners.set(listener, place);
    for (const [other, its] of later) listeners.set(other, its);
    const labelled = key.startsWith("l:");
    if (labelled) this.#labels++;
    return () => {
      if (!listeners.delete(listener)) return;
      if (labelled) this.#labels--;
      if (listeners.size === 0 && this.#byScope.get(key) === listeners) this.#byScope.delete(key);
    };
  }

  /** Those who hear of everything first. */
  tell(change: Change): void {
    const { namespace = "", name } = change.object.metadata;
    this.#tell("", change);
    if (this.#byScope.size === 0) return;
    this.#tell(`n:${namespace}`, change);
    this.#tell(`o:${namespace}/${name}`, change);
    if (this.#labels === 0) return;
    const labels = new Set(labelsOf(change.object));
    for (const label of labelsOf(change.previous)) labels.add(label);
    for (const label of labels) this.#tell(`l:${label}`, change);
  }

  #tell(scope: string, change: Change): void {
    const listeners = this.#byScope.get(scope);
    if (listeners) for (const listener of listeners.keys()) listener(change);
  }
}

function keyOfScope({ namespace, name, label }: Scope): string {
  if (name !== undefined) return `o:${namespace ?? ""}/${name}`;
  if (label !== undefined) return `l:${label}`;
  return namespace === undefined ? "" : `n:${namespace}`;
}

function labelsOf(object: KubeObject | undefined): string[] {
  const { labels } = object?.metadata ?? {};
  return labels ? Object.keys(labels).map((key) => `${key}=${labels[key]!}`) : [];
}
