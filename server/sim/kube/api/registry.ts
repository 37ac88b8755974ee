import type { AnyKind } from "./kind.ts";
import type { Store } from "./store/store.ts";
import type { KubeObject } from "./types/meta.ts";

/** Groups in the order in which the server lists them (kube-aggregator's priorities), most important first. */
const GROUP_ORDER = [
  "", "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "autoscaling",
  "batch", "certificates.k8s.io", "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "storage.k8s.io",
  "admissionregistration.k8s.io", "apiextensions.k8s.io", "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io",
  "discovery.k8s.io", "flowcontrol.apiserver.k8s.io",
]; // prettier-ignore

export interface ApiGroup {
  readonly name: string;
  /** Preferred first. */
  readonly versions: readonly string[];
}

/** What is known of the kinds that are served, for one state of the objects that bring kinds. */
interface View {
  readonly versions: readonly number[];
  readonly kinds: readonly AnyKind[];
  readonly groups: readonly ApiGroup[];
  /** By group, version and resource. */
  readonly byResource: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, AnyKind>>>;
  /** The kinds whose objects are stored, by group and resource. */
  readonly byGroup: ReadonlyMap<string, ReadonlyMap<string, AnyKind>>;
}

/**
 * The kinds that the server serves: those that it was made with, and those that stored objects bring
 * (CustomResourceDefinitions). The latter are a view on the store, which is made anew when one of those objects changes: ask
 * the registry each time, and keep nothing of it.
 */
export class Registry {
  readonly #builtIn: readonly AnyKind[];
  readonly #bringers: readonly AnyKind[];
  readonly #store: Pick<Store, "list" | "version" | "listen"> | undefined;
  readonly #brought = new WeakMap<KubeObject, readonly AnyKind[]>();
  #view: View | undefined;

  constructor(kinds: readonly AnyKind[], store?: Pick<Store, "list" | "version" | "listen">) {
    this.#builtIn = kinds;
    this.#bringers = kinds.filter((kind) => kind.brings);
    this.#store = store;
  }

  get kinds(): readonly AnyKind[] {
    return this.#current().kinds;
  }

  get groups(): readonly ApiGroup[] {
    return this.#current().groups;
  }

  find(group: string, version: string, resource: string): AnyKind | undefined {
    return this.#current().byResource.get(group)?.get(version)?.get(resource);
  }

  /** A kind by group and resource, whatever version of it is served: the one that is stored. */
  storedBy(group: string, resource: string): AnyKind | undefined {
    return this.#current().byGroup.get(group)?.get(resource);
  }

  /** The kind whose objects are stored for this one: itself, unless it is another version of one. */
  stored(kind: AnyKind): AnyKind {
    return kind.storedAs?.kind ?? kind;
  }

  in(group: string, version: string): readonly AnyKind[] {
    return this.kinds.filter((kind) => kind.group === group && kind.version === version);
  }

  /** Calls the listener when other kinds may be served than before, until the returned function is called. */
  onChange(listener: () => void): () => void {
    const undo = this.#bringers.map((kind) => this.#store?.listen(kind, listener));
    return () => undo.forEach((one) => one?.());
  }

  #current(): View {
    const view = this.#view;
    if (view && this.#isFresh(view)) return view;
    const versions = this.#bringers.map((kind) => this.#store?.version(kind) ?? 0);
    const builtIn = new Set(this.#builtIn.map(resourceKey));
    const brought = this.#bringers
      .flatMap((bringer) => (this.#store?.list(bringer) ?? []).flatMap((object) => this.#broughtBy(bringer, object)))
      .filter((kind) => !builtIn.has(resourceKey(kind)));
    return (this.#view = { versions, ...viewOf([...this.#builtIn, ...brought]) });
  }

  #isFresh({ versions }: View): boolean {
    for (let at = 0; at < this.#bringers.length; at++)
      if (versions[at] !== this.#store?.version(this.#bringers[at]!)) return false;
    return true;
  }

  #broughtBy(bringer: AnyKind, object: KubeObject): readonly AnyKind[] {
    let kinds = this.#brought.get(object);
    if (!kinds) this.#brought.set(object, (kinds = bringer.brings!(object)));
    return kinds;
  }
}

function viewOf(kinds: readonly AnyKind[]): Omit<View, "versions"> {
  const groups = [...Map.groupBy(kinds, (kind) => kind.group)]
    .map(([name, members]) => ({ name, versions: byPriority(members) }))
    .sort((a, b) => order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1));
  const byGroup = new Map<string, Map<string, AnyKind>>();
  const byResource = new Map<string, Map<string, Map<string, AnyKind>>>();
  for (const kind of kinds) {
    const { group, version, plural } = kind;
    const stored = byGroup.get(group) ?? new Map<string, AnyKind>();
    byGroup.set(group, stored);
    if (!kind.storedAs && !stored.has(plural)) stored.set(plural, kind);
    const versions = byResource.get(group) ?? new Map<string, Map<string, AnyKind>>();
    byResource.set(group, versions);
    const resources = versions.get(version) ?? new Map<string, AnyKind>();
    versions.set(version, resources.set(plural, kind));
  }
  return { kinds, groups, byResource, byGroup };
}

/** The versions of a group: as they come, where Kubernetes itself brings them, else the most mature and newest first. */
function byPriority(members: readonly AnyKind[]): readonly string[] {
  const versions = [...new Set(members.map((kind) => kind.version))];
  return members.some(({ schema }) => schema?.type === "structural") ? versions.sort(compareVersions) : versions;
}

const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** As apimachinery/pkg/version CompareKubeAwareVersionStrings: `v2`, `v1`, `v1beta1`, `v1alpha1`, then other names. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [VERSION.exec(a), VERSION.exec(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : 1;
  const stage = (match: RegExpExecArray): number => (match[2] === undefined ? 0 : match[2] === "beta" ? 1 : 2);
  return (
    stage(left) - stage(right) || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0)
  );
}

function resourceKey({ group, version, plural }: AnyKind): string {
  return `${group}/${version}/${plural}`;
}

function order(group: string): number {
  const at = GROUP_ORDER.indexOf(group);
  return at < 0 ? GROUP_ORDER.length : at;
}
