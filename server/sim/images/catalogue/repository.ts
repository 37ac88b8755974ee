import { Image, type ImageSpec } from "../image.ts";

/** A repository of a registry: which tags it has, and what is under them. */
export interface Repository {
  /** `docker.io/library/nginx` */
  readonly name: string;
  /** The image under a tag; undefined if there is no such tag. */
  find(tag: string): Image | undefined;
  /** Every image once, for lookups by digest. */
  images(): Iterable<Image>;
}

export interface RepositorySpec {
  readonly name: string;
  /** The versions that there are; each is a tag too. */
  readonly versions: readonly string[];
  /** Which version a tag means that is none itself: `latest`, `1.27`. */
  readonly tag?: (tag: string) => string | undefined;
  make(version: string): Omit<ImageSpec, "repository" | "version">;
}

export function repository(spec: RepositorySpec): Repository {
  const made = new Map<string, Image>();
  const versions = new Set(spec.versions);
  const image = (version: string): Image => {
    let found = made.get(version);
    if (!found) made.set(version, (found = new Image({ repository: spec.name, version, ...spec.make(version) })));
    return found;
  };
  return {
    name: spec.name,
    find(tag) {
      const version = versions.has(tag) ? tag : spec.tag?.(tag);
      return version !== undefined && versions.has(version) ? image(version) : undefined;
    },
    images: () => spec.versions.map((version) => image(version)),
  };
}

/** Tags that name the newest of the versions that begin so: `1.36` for 1.36.1, `latest` for the newest of all, which stands last. */
export function newest(versions: readonly string[]): (tag: string) => string | undefined {
  return (tag) => (tag === "latest" ? versions.at(-1) : versions.findLast((version) => version.startsWith(`${tag}.`)));
}

export const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
