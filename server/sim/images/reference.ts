/** Where an image is, in full: `docker.io` / `library/nginx` : `latest`. Shapes as distribution/reference (v0.6) has them. */
export interface ImageReference {
  /** The registry, with its port if it has one. */
  readonly domain: string;
  /** The repository within the registry. */
  readonly path: string;
  /** Absent if only a digest was given. */
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/** Why a text names no image, in the words of distribution/reference. */
export interface InvalidReference {
  readonly invalid: string;
}

const DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const TAG = "\\w[\\w.-]{0,127}";
const DIGEST = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const REFERENCE = new RegExp(`^(${DOMAIN})/(${PATH_PART}(?:/${PATH_PART})*)(?::(${TAG}))?(?:@(${DIGEST}))?$`);

const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * Reads a reference as people write it and completes it: registry `docker.io`, repository `library/…`, tag `latest`
 * (reference.ParseDockerRef, which the kubelet and containerd use).
 */
export function parseReference(text: string): ImageReference | InvalidReference {
  if (/^[a-f0-9]{64}$/.test(text))
    return { invalid: `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings` };
  const [domain, rest] = splitDomain(text);
  const colon = rest.indexOf(":");
  const name = colon < 0 ? rest : rest.slice(0, colon);
  if (name.toLowerCase() !== name)
    return { invalid: `invalid reference format: repository name (${name}) must be lowercase` };
  const match = REFERENCE.exec(`${domain}/${rest}`);
  if (!match) return { invalid: "invalid reference format" };
  const [, , path, tag, digest] = match as unknown as [string, string, string, string | undefined, string | undefined];
  if (domain.length + 1 + path.length > 255) return { invalid: "repository name must not be more than 255 characters" };
  if (digest === undefined) return { domain, path, tag: tag ?? "latest" };
  const [algorithm, hex] = digest.split(":") as [string, string];
  const length = DIGEST_LENGTHS[algorithm];
  if (length === undefined) return { invalid: "unsupported digest algorithm" };
  if (hex.length !== length) return { invalid: "invalid checksum digest length" };
  // With both, the digest counts: ParseDockerRef drops the tag.
  return { domain, path, digest };
}

export function isInvalid(reference: ImageReference | InvalidReference): reference is InvalidReference {
  return "invalid" in reference;
}

/** `docker.io/library/nginx` */
export function repositoryOf(reference: ImageReference): string {
  return `${reference.domain}/${reference.path}`;
}

/** `docker.io/library/nginx:latest`, `registry.k8s.io/pause@sha256:…` */
export function referenceText(reference: ImageReference): string {
  const { tag, digest } = reference;
  return `${repositoryOf(reference)}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** reference.splitDockerDomain: what stands before the first slash is a registry if it looks like one. */
function splitDomain(text: string): [domain: string, rest: string] {
  const slash = text.indexOf("/");
  if (slash < 0) return ["docker.io", `library/${text}`];
  const first = text.slice(0, slash);
  const rest = text.slice(slash + 1);
  const [domain, path]: [string, string] =
    first === "index.docker.io"
      ? ["docker.io", rest]
      : first === "localhost" || /[.:]/.test(first) || first.toLowerCase() !== first
        ? [first, rest]
        : ["docker.io", text];
  return [domain, domain === "docker.io" && !path.includes("/") ? `library/${path}` : path];
}
