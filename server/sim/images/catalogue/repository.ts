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

/** Words after a version that say what it was built on; the same is in all of them as far as anybody here sees. */
const VARIANT =
  /-?(?:alpine|slim|bookworm|bullseye|buster|trixie|jammy|noble|focal|oracle|oraclelinux|debian|ubuntu|ubi|apache|fpm|management|jdk|jre|jdk\d+|lts|openjdk|temurin|windowsservercore)[\w.]*(?:-.*)?$/;

/**
 * As `newest`, for images of which only the last patch of each series is kept: `3.11-slim`, and `3.11.4` for the 3.11 that there
 * is. A series that never was is no tag.
 */
export function series(versions: readonly string[]): (tag: string) => string | undefined {
  const find = newest(versions);
  return (tag) => {
    if (versions.includes(tag)) return tag;
    const plain = tag.replace(VARIANT, "") || "latest";
    if (versions.includes(plain)) return plain;
    const [, minor] = /^(v?\d+\.\d+)\.\d+$/.exec(plain) ?? [];
    return find(plain) ?? (minor === undefined ? undefined : find(minor));
  };
}

export const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
