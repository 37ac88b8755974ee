import {
  addElement,
  createSet,
  deleteElement,
  destroySet,
  listElements,
  setsOf,
  type Namespace,
} from "../../../../net/index.ts";

/** MaxIpsetSize. */
const MOST = 1_048_576;

interface Wanted {
  readonly type: string;
  readonly members: Set<string>;
  /** What has changed since it was written; all, if nothing is known of what stands there. */
  changed: Set<string> | "all";
}

/** Felix's ipsets of its node: what they should hold, and how that gets there (felix/ipsets). */
export class IpSets {
  readonly #ns: Namespace;
  readonly #sets = new Map<string, Wanted>();
  readonly #dirty = new Set<string>();
  readonly #gone = new Set<string>();

  constructor(ns: Namespace) {
    this.#ns = ns;
  }

  create(name: string, type: string, members: Iterable<string>): void {
    this.#sets.set(name, { type, members: new Set(members), changed: "all" });
    this.#gone.delete(name);
    this.#dirty.add(name);
  }

  add(name: string, member: string): void {
    this.#sets.get(name)!.members.add(member);
    this.#touch(name, member);
  }

  remove(name: string, member: string): void {
    this.#sets.get(name)!.members.delete(member);
    this.#touch(name, member);
  }

  /** Gives a set these members and no others. */
  replace(name: string, type: string, members: readonly string[]): void {
    const known = this.#sets.get(name);
    if (!known) return this.create(name, type, members);
    for (const member of known.members) if (!members.includes(member)) this.remove(name, member);
    for (const member of members) if (!known.members.has(member)) this.add(name, member);
  }

  destroy(name: string): void {
    this.#sets.delete(name);
    this.#dirty.delete(name);
    this.#gone.add(name);
  }

  #touch(name: string, member: string): void {
    const set = this.#sets.get(name)!;
    if (set.changed !== "all") set.changed.add(member);
    this.#dirty.add(name);
  }

  /** Everything is to be compared with what stands in the kernel; sets of felix's that it does not know shall go. */
  resync(): void {
    for (const [name, set] of this.#sets) {
      set.changed = "all";
      this.#dirty.add(name);
    }
    for (const name of setsOf(this.#ns).keys())
      if (name.startsWith("cali4") && !this.#sets.has(name)) this.#gone.add(name);
  }

  /** Writes what differs, before rules that need it. Names of the sets that were written as a whole, with their sizes. */
  applyUpdates(): readonly (readonly [name: string, size: number])[] {
    const rewritten: [string, number][] = [];
    for (const name of this.#dirty) {
      const set = this.#sets.get(name)!;
      if (this.#write(name, set)) rewritten.push([name, set.members.size]);
      set.changed = new Set();
    }
    this.#dirty.clear();
    return rewritten;
  }

  #write(name: string, { type, members, changed }: Wanted): boolean {
    const isNew = !setsOf(this.#ns).has(name);
    if (isNew) createSet(this.#ns, name, { type, family: "inet", hashsize: 1024, maxelem: MOST, bucketsize: 12 });
    const row = setsOf(this.#ns).get(name)!;
    if (changed === "all") {
      for (const [key] of listElements(this.#ns, row)) if (!members.has(key)) deleteElement(this.#ns, row, key, true);
      for (const key of members) addElement(this.#ns, row, { key }, true);
      return isNew;
    }
    for (const key of changed)
      if (members.has(key)) addElement(this.#ns, row, { key }, true);
      else deleteElement(this.#ns, row, key, true);
    return isNew;
  }

  /** Takes away sets that no rule looks into any more. */
  applyDeletions(): void {
    for (const name of this.#gone) destroySet(this.#ns, name);
    this.#gone.clear();
  }
}
