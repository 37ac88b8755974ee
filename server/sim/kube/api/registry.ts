import type { AnyKind } from "./kind.ts";

/** Groups in the order in which the server lists them (kube-aggregator's priorities), most important first. */
const GROUP_ORDER = [
  "", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch",
  "certificates.k8s.io", "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "storage.k8s.io",
  "admissionregistration.k8s.io", "apiextensions.k8s.io", "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io",
  "discovery.k8s.io", "flowcontrol.apiserver.k8s.io",
]; // prettier-ignore

export interface ApiGroup {
  readonly name: string;
  /** Preferred first. */
  readonly versions: readonly string[];
}

/** The kinds that the server serves. */
export class Registry {
  readonly kinds: readonly AnyKind[];
  readonly groups: readonly ApiGroup[];
  readonly #byResource = new Map<string, AnyKind>();

  constructor(kinds: readonly AnyKind[]) {
    this.kinds = kinds;
    for (const kind of kinds) this.#byResource.set(`${kind.group}/${kind.version}/${kind.plural}`, kind);
    this.groups = [...Map.groupBy(kinds, (kind) => kind.group)]
      .map(([name, members]) => ({ name, versions: [...new Set(members.map((kind) => kind.version))] }))
      .sort((a, b) => order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1));
  }

  find(group: string, version: string, resource: string): AnyKind | undefined {
    return this.#byResource.get(`${group}/${version}/${resource}`);
  }

  /** The kind whose objects are stored for this one: itself, unless it is another version of one. */
  stored(kind: AnyKind): AnyKind {
    return kind.storedAs?.kind ?? kind;
  }

  in(group: string, version: string): readonly AnyKind[] {
    return this.kinds.filter((kind) => kind.group === group && kind.version === version);
  }
}

function order(group: string): number {
  const at = GROUP_ORDER.indexOf(group);
  return at < 0 ? GROUP_ORDER.length : at;
}
