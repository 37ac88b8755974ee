import { endpointChain, groupChain, policyChain, profileChain } from "./chain-names.ts";
import { dispatchChains, endpointToChain, groupToChain, type PolicyGroup } from "./endpoint-rules.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Direction, Policy } from "./policy.ts";
import { policyToChain, profileToChain } from "./policy-rules.ts";
import type { Chain } from "./rule.ts";
import type { FelixTable } from "./tables.ts";

const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];

/** A chain that several endpoints lead to. */
interface SharedChain {
  readonly name: string;
  make(): Chain;
}

interface Local {
  readonly endpoint: Endpoint;
  /** By name, in felix's order. */
  readonly policies: readonly Policy[];
  /** Chains of groups and profiles that its own lead to. */
  readonly shared: readonly SharedChain[];
  /** What its own chains are made of, by direction. */
  readonly shapes: readonly string[];
}

/** Told when the first endpoint of the node has a policy, and when the last one has it no more. */
export interface PolicyUse {
  activate(policy: Policy): void;
  deactivate(policy: Policy): void;
}

/** The endpoints of felix's own node and the chains for them and their policies (felix/dataplane/linux/endpoint_mgr.go). */
export class LocalEndpoints {
  readonly #filter: FelixTable;
  readonly #use: PolicyUse;
  readonly #locals = new Map<string, Local>();
  /** How many endpoints have a policy. */
  readonly #policyUsers = new Map<Policy, number>();
  /** How many endpoints need the chain of a group or of a profile. */
  readonly #chainUsers = new Map<string, number>();
  #dispatch: readonly string[] = [];
  #dispatchDirty = true;

  constructor(filter: FelixTable, use: PolicyUse) {
    this.#filter = filter;
    this.#use = use;
  }

  get links(): readonly string[] {
    return [...this.#locals.values()].map(({ endpoint }) => endpoint.link);
  }

  set(endpoint: Endpoint, policies: readonly Policy[]): void {
    const isNew = !this.#locals.has(endpoint.key);
    this.#put(endpoint, policies);
    if (isNew) this.#dispatchDirty = true;
  }

  remove(key: string): void {
    const local = this.#locals.get(key);
    if (!local) return;
    this.#locals.delete(key);
    for (const direction of DIRECTIONS) this.#filter.remove(endpointChain(direction, local.endpoint.link));
    this.#release(local);
    this.#dispatchDirty = true;
  }

  /** A policy is for the same endpoints as before; its rules may be others. */
  exchangePolicy(before: Policy, after: Policy): void {
    const users = this.#policyUsers.get(before);
    if (users === undefined) return;
    for (const [key, local] of this.#locals) {
      if (!local.policies.includes(before)) continue;
      this.#locals.set(key, { ...local, policies: local.policies.map((one) => (one === before ? after : one)) });
    }
    this.#policyUsers.delete(before);
    this.#policyUsers.set(after, users);
    this.#use.activate(after);
    for (const direction of after.types) this.#filter.update(policyToChain(after, direction));
    this.#use.deactivate(before);
  }

  /** A policy has come, changed or gone; `now`: the endpoints that it is for. */
  replacePolicy(before: Policy | undefined, after: Policy | undefined, now: ReadonlySet<string>): void {
    const affected = [...this.#locals.values()].filter(
      ({ endpoint, policies }) => now.has(endpoint.key) || (before !== undefined && policies.includes(before)),
    );
    for (const { endpoint, policies } of affected) {
      const others = policies.filter((policy) => policy !== before);
      this.#put(endpoint, after && now.has(endpoint.key) ? [...others, after] : others);
    }
  }

  #put(endpoint: Endpoint, unsorted: readonly Policy[]): void {
    const policies = unsorted.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const former = this.#locals.get(endpoint.key);
    const groups = DIRECTIONS.map((direction) => groupsOf(direction, policies));
    const shapes = groups.map((list) => shapeOf(endpoint, list));
    const local = { endpoint, policies, shared: sharedChains(endpoint, groups), shapes };
    this.#locals.set(endpoint.key, local);
    this.#acquire(local);
    for (const [at, direction] of DIRECTIONS.entries())
      if (former?.shapes[at] !== shapes[at])
        this.#filter.update(endpointToChain(endpoint.link, direction, groups[at]!, endpoint.profiles));
    if (former) this.#release(former);
  }

  #acquire({ policies, shared }: Local): void {
    for (const policy of policies) {
      const users = this.#policyUsers.get(policy) ?? 0;
      this.#policyUsers.set(policy, users + 1);
      if (users > 0) continue;
      this.#use.activate(policy);
      for (const direction of policy.types) this.#filter.update(policyToChain(policy, direction));
    }
    for (const { name, make } of shared) {
      const users = this.#chainUsers.get(name) ?? 0;
      this.#chainUsers.set(name, users + 1);
      if (users === 0) this.#filter.update(make());
    }
  }

  #release({ policies, shared }: Local): void {
    for (const policy of policies) {
      const users = this.#policyUsers.get(policy)! - 1;
      this.#policyUsers.set(policy, users);
      if (users > 0) continue;
      this.#policyUsers.delete(policy);
      this.#use.deactivate(policy);
      const heir = [...this.#policyUsers.keys()].find(({ name }) => name === policy.name);
      for (const direction of policy.types)
        if (!heir?.types.includes(direction)) this.#filter.remove(policyChain(direction, policy.name));
    }
    for (const { name } of shared) {
      const users = this.#chainUsers.get(name)! - 1;
      if (users > 0) this.#chainUsers.set(name, users);
      else {
        this.#chainUsers.delete(name);
        this.#filter.remove(name);
      }
    }
  }

  /** Brings the chains up to date that lead to all endpoints. */
  flush(): void {
    if (!this.#dispatchDirty) return;
    this.#dispatchDirty = false;
    const chains = dispatchChains(this.links);
    const names = chains.map(({ name }) => name);
    for (const name of this.#dispatch) if (!names.includes(name)) this.#filter.remove(name);
    for (const chain of chains) this.#filter.update(chain);
    this.#dispatch = names;
  }
}

/** Policies next to each other with the same selector; only those that decide of the direction. */
function groupsOf(direction: Direction, policies: readonly Policy[]): PolicyGroup[] {
  const groups: { selector: string; policies: Policy[] }[] = [];
  for (const policy of policies) {
    if (!policy.types.includes(direction)) continue;
    const selector = policy.selector.text;
    const last = groups.at(-1);
    if (last?.selector === selector) last.policies.push(policy);
    else groups.push({ selector, policies: [policy] });
  }
  return groups;
}

/** Equal for equal chains: the policies' names and what they are grouped by, and the profiles. */
function shapeOf({ link, profiles }: Endpoint, groups: readonly PolicyGroup[]): string {
  const named = groups.map(({ selector, policies }) => `${selector}: ${policies.map(({ name }) => name).join(" ")}`);
  return [link, ...named, ...profiles].join("\n");
}

function sharedChains({ profiles }: Endpoint, groups: readonly (readonly PolicyGroup[])[]): SharedChain[] {
  return DIRECTIONS.flatMap((direction, at) => [
    ...groups[at]!.filter(({ policies }) => policies.length > 1).map((group) => ({
      name: groupChain(direction, group.selector, group.policies),
      make: () => groupToChain(direction, group),
    })),
    ...profiles.map((profile) => ({
      name: profileChain(direction, profile),
      make: () => profileToChain(profile, direction),
    })),
  ]);
}
