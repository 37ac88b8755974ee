import type { StringMap } from "../../../api/index.ts";
import type { Endpoint } from "./endpoint.ts";
import type { IpSetId } from "./ip-set-id.ts";
import type { IpSets } from "./ip-sets.ts";

interface Active {
  readonly set: IpSetId;
  /** How many active policies look into it. */
  users: number;
  /** How many endpoints give it each member: two may have one address for a moment. */
  readonly members: Map<string, number>;
}

/** An endpoint with all labels that selectors see. */
export interface LabelledEndpoint {
  readonly endpoint: Endpoint;
  readonly labels: StringMap;
}

/** The sets that active policies look into, kept as endpoints come, change and go (felix/labelindex). */
export class ActiveSets {
  readonly #sets: IpSets;
  readonly #active = new Map<string, Active>();

  constructor(sets: IpSets) {
    this.#sets = sets;
  }

  /** A policy looks into these sets from now on. */
  use(sets: readonly IpSetId[], endpoints: () => Iterable<LabelledEndpoint>): void {
    for (const set of sets) {
      const known = this.#active.get(set.id);
      if (known) known.users++;
      else this.#begin(set, endpoints());
    }
  }

  #begin(set: IpSetId, endpoints: Iterable<LabelledEndpoint>): void {
    const members = new Map<string, number>();
    for (const endpoint of endpoints)
      for (const member of membersOf(set, endpoint)) members.set(member, (members.get(member) ?? 0) + 1);
    this.#active.set(set.id, { set, users: 1, members });
    this.#sets.create(set.name, set.type, members.keys());
  }

  /** A policy looks into these sets no longer. */
  release(sets: readonly IpSetId[]): void {
    for (const { id, name } of sets) {
      const active = this.#active.get(id)!;
      if (--active.users > 0) continue;
      this.#active.delete(id);
      this.#sets.destroy(name);
    }
  }

  /** An endpoint has become another one, has come or gone. */
  change(before: LabelledEndpoint | undefined, after: LabelledEndpoint | undefined): void {
    for (const { set, members } of this.#active.values()) {
      const old = before ? membersOf(set, before) : [];
      const now = after ? membersOf(set, after) : [];
      for (const member of now) {
        if (old.includes(member)) continue;
        const count = members.get(member) ?? 0;
        members.set(member, count + 1);
        if (count === 0) this.#sets.add(set.name, member);
      }
      for (const member of old) {
        if (now.includes(member)) continue;
        const count = members.get(member)! - 1;
        if (count > 0) members.set(member, count);
        else {
          members.delete(member);
          this.#sets.remove(set.name, member);
        }
      }
    }
  }
}

const NONE: readonly string[] = [];

/** What an endpoint puts into a set, as ipset prints it: its addresses, or those with its ports of a name. */
function membersOf({ selector, port }: IpSetId, { endpoint, labels }: LabelledEndpoint): readonly string[] {
  if (!selector.chooses(labels)) return NONE;
  if (!port) return endpoint.addresses;
  const ports = endpoint.ports.filter(({ name, protocol }) => name === port.name && protocol === port.protocol);
  return endpoint.addresses.flatMap((address) => ports.map(({ protocol, port }) => `${address},${protocol}:${port}`));
}
