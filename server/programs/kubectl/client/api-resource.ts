/** A type that the server serves, as its discovery document says. */
export interface ApiResource {
  readonly group: string;
  readonly version: string;
  /** `pods` */
  readonly name: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  /** `pods/eviction` with the type that it takes. */
  readonly subresources: readonly {
    readonly name: string;
    readonly group: string;
    readonly version: string;
    readonly kind: string;
    readonly verbs: readonly string[];
  }[];
}

/** What kubectl knows of a type that it works with: where it is, and what it is called. */
export type Mapping = Pick<ApiResource, "group" | "version" | "kind" | "namespaced"> & {
  /** `deployments` */
  readonly resource: string;
};

/** `apps/v1`, `v1` */
export function groupVersion({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === "" ? version : `${group}/${version}`;
}

export function parseGroupVersion(text: string): { group: string; version: string } {
  const slash = text.indexOf("/");
  return slash < 0 ? { group: "", version: text } : { group: text.slice(0, slash), version: text.slice(slash + 1) };
}

/** `deployments.apps`, `pods` */
export function groupResource({ group, resource }: { readonly group: string; readonly resource: string }): string {
  return group === "" ? resource : `${resource}.${group}`;
}
