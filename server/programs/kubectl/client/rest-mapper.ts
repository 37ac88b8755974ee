import { GoError, NoKindMatch, NoResourceMatch } from "../errors/go-error.ts";
import { quote } from "../output/index.ts";
import { groupResource, type ApiResource, type Mapping } from "./api-resource.ts";
import type { Discovery } from "./discovery.ts";

/** A type as it may be typed: a name, perhaps with group and version. */
interface PartialResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** Finds types by what people call them (client-go restmapper: shortcuts, priorities, one look at the server when in doubt). */
export class RestMapper {
  readonly discovery: Discovery;
  readonly #warn: (text: string) => Promise<void>;

  constructor(discovery: Discovery, warn: (text: string) => Promise<void>) {
    this.discovery = discovery;
    this.#warn = warn;
  }

  /** `po`, `pods`, `Pod`, `deployments.apps`, `deployments.v1.apps`; throws that the server has no such type. */
  async mappingFor(word: string): Promise<Mapping> {
    const dots = word.split(".");
    const [resource = ""] = dots;
    const short = { resource, group: dots.slice(1).join("."), version: "" };
    const full = dots.length >= 3 ? { resource, version: dots[1]!, group: dots.slice(2).join(".") } : undefined;
    const found = (full && (await this.#quietly(full))) ?? (await this.#quietly(short));
    if (found) return toMapping(found);
    const kind = (await this.#kindOf(full ?? short).catch(ignoreGoError)) ?? (await this.#kindOf(short));
    if (kind) return toMapping(kind);
    throw new GoError(new NoResourceMatch(resource).message);
  }

  /** The type of a partly given resource; throws NoResourceMatch. */
  async resourceFor(partial: PartialResource): Promise<ApiResource> {
    const found = await this.#resource(partial);
    if (!found) throw new NoResourceMatch(partial.resource, partial.group, partial.version);
    return found;
  }

  /** All types of a name, in the server's order; throws NoResourceMatch if there is none. */
  async resourcesFor(name: string): Promise<readonly ApiResource[]> {
    if (name === "") throw new GoError("a resource must be present, got: /, Resource=");
    const first = await this.resourceFor({ group: "", version: "", resource: name });
    const all = await this.discovery.resources();
    return all.filter((one) => one.name === first.name);
  }

  /** The type of an object's kind; throws NoKindMatch. An empty version is the preferred one. */
  async mappingOf(group: string, version: string, kind: string): Promise<Mapping> {
    const find = (all: readonly ApiResource[]): ApiResource | undefined =>
      all.find((one) => isKind(one, kind) && one.group === group && (version === "" || one.version === version));
    // Every version is taken to have lists (client-go restmapper NewDiscoveryRESTMapper).
    const list = (all: readonly ApiResource[]): ApiResource | undefined =>
      all.find((one) => one.group === group && one.version === version);
    if (kind === "List" && (await this.#search(list)))
      return { group, version, kind, resource: "lists", namespaced: false };
    const found = await this.#search(find);
    if (!found) throw new NoKindMatch(group, version, kind);
    return toMapping(found);
  }

  /** The types of a category (`all`), if it is one. */
  async category(name: string): Promise<readonly ApiResource[]> {
    const all = await this.discovery.resources();
    return all.filter(({ categories }) => categories.includes(name));
  }

  /** As KindFor whose error nobody reads. Trouble with the server is tried, and logged, again by the next look-up. */
  async #quietly(partial: PartialResource): Promise<ApiResource | undefined> {
    try {
      return await this.#resource(partial);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      await this.discovery.withoutShortNames(error);
      return undefined;
    }
  }

  async #resource(partial: PartialResource): Promise<ApiResource | undefined> {
    // The shortcut expander asks for itself first, and does not mind an error.
    await this.discovery.resources().catch(ignoreGoError);
    let ambiguous: ApiResource | undefined;
    const found = await this.#search((all) => {
      const { resource, other } = expandShortcut(all, partial);
      ambiguous = other;
      return byName(all, resource);
    });
    if (ambiguous)
      await this.#warn(
        `short name ${quote(partial.resource)} could also match lower priority resource ${groupResource({ group: ambiguous.group, resource: ambiguous.name })}`,
      );
    return found;
  }

  async #kindOf({ resource: kind, group, version }: PartialResource): Promise<ApiResource | undefined> {
    return this.#search((all) =>
      all.find((one) => one.kind === kind && one.group === group && (version === "" || one.version === version)),
    );
  }

  /** What is not found in what was remembered is looked for on the server. */
  async #search<T>(find: (all: readonly ApiResource[]) => T | undefined): Promise<T | undefined> {
    const found = find(await this.discovery.resources());
    if (found !== undefined || this.discovery.fresh) return found;
    this.discovery.invalidate();
    return find(await this.discovery.resources());
  }
}

/** A kind is known by its name in small letters, too (client-go restmapper/discovery.go NewDiscoveryRESTMapper). */
function isKind(resource: ApiResource, kind: string): boolean {
  return resource.kind === kind || resource.kind.toLowerCase() === kind;
}

function ignoreGoError(error: unknown): undefined {
  if (!(error instanceof GoError)) throw error;
}

export function toMapping({ group, version, name, kind, namespaced }: ApiResource): Mapping {
  return { group, version, resource: name, kind, namespaced };
}

/**
 * client-go restmapper/shortcut.go: a short name counts where no type has that name itself. The version that was asked for is
 * forgotten then (`hpa.v1.autoscaling` finds v2), unless the group was only begun.
 */
function expandShortcut(
  all: readonly ApiResource[],
  partial: PartialResource,
): { readonly resource: PartialResource; readonly other: ApiResource | undefined } {
  const { group } = partial;
  const matching = all.some(({ name }) => name === partial.resource)
    ? []
    : all.filter(({ shortNames }) => shortNames.includes(partial.resource));
  const exact = matching.filter((one) => group === "" || one.group === group);
  const [found] = exact.length > 0 ? exact : matching.filter((one) => one.group.startsWith(group));
  if (!found) return { resource: partial, other: undefined };
  const other = exact.find((one) => one.group !== found.group || one.name !== found.name);
  const version = exact.length > 0 ? "" : partial.version;
  return { resource: { resource: found.name, group: found.group, version }, other };
}

/** apimachinery meta.DefaultRESTMapper.ResourcesFor: plural or singular, any case; the group may be the beginning of one. */
function byName(all: readonly ApiResource[], { resource, group, version }: PartialResource): ApiResource | undefined {
  const name = resource.toLowerCase();
  const named = all.filter((one) => one.name === name || one.singular === name);
  const versioned = version === "" ? named : named.filter((one) => one.version === version);
  if (group === "") return versioned[0];
  return versioned.find((one) => one.group === group) ?? versioned.find((one) => one.group.startsWith(group));
}
