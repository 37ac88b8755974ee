import { catalogue } from "./catalogue/index.ts";
import type { Image } from "./image.ts";
import { referenceText, repositoryOf, type ImageReference } from "./reference.ts";

/** Why a registry does not hand out an image: the code and description of containerd's gRPC status. */
export interface PullError {
  readonly code: "NotFound" | "Unknown";
  readonly desc: string;
}

/** Looks an image up in its registry, as containerd does to pull it. */
export function pullImage(reference: ImageReference): Image | PullError {
  const repository = catalogue.get(repositoryOf(reference));
  const { tag, digest } = reference;
  if (repository) {
    const image =
      digest === undefined
        ? repository.find(tag ?? "latest")
        : [...repository.images()].find((one) => one.digest === digest);
    return image ?? refuse(reference, "NotFound", `${referenceText(reference)}: not found`);
  }
  return unknownRepository(reference);
}

export function isPullError(pulled: Image | PullError): pulled is PullError {
  return "desc" in pulled;
}

/** What registries say of a repository that is not there, or not for everybody. */
function unknownRepository(reference: ImageReference): PullError {
  const { domain, path } = reference;
  const text = referenceText(reference);
  const last = reference.digest ?? reference.tag ?? "latest";
  switch (domain) {
    case "docker.io":
      return refuse(
        reference,
        "Unknown",
        "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      );
    case "registry.k8s.io":
    case "k8s.gcr.io":
    case "gcr.io":
    case "mcr.microsoft.com":
    case "public.ecr.aws":
      return refuse(reference, "NotFound", `${text}: not found`);
    case "quay.io":
      return refuse(
        reference,
        "Unknown",
        `unexpected status from HEAD request to https://quay.io/v2/${path}/manifests/${last}: 401 UNAUTHORIZED`,
      );
    case "ghcr.io":
      return refuse(
        reference,
        "Unknown",
        `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=${encodeURIComponent(`repository:${path}:pull`)}&service=ghcr.io: 403 Forbidden`,
      );
    default:
      // Nothing stands at that address: no name server knows a registry that is not among those above.
      return refuse(
        reference,
        "Unknown",
        `failed to do request: Head "https://${domain}/v2/${path}/manifests/${last}": dial tcp: lookup ${domain.replace(/:\d+$/, "")}: no such host`,
      );
  }
}

function refuse(reference: ImageReference, code: PullError["code"], reason: string): PullError {
  const text = referenceText(reference);
  return { code, desc: `failed to pull and unpack image "${text}": failed to resolve reference "${text}": ${reason}` };
}
