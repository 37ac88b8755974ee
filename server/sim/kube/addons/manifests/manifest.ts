import { parseAllDocuments, type Tags } from "yaml";
import type { KubeObject } from "../../kubeadm/index.ts";

const RBAC = "rbac.authorization.k8s.io/";

/** A manifest that a project publishes: its text, and the objects in it in their order. */
export interface Manifest {
  readonly text: string;
  readonly objects: readonly KubeObject[];
  /** Roles and bindings, which are also among `objects`. */
  readonly rbac: readonly KubeObject[];
}

/** JSON, which manifests become, has no type for times: they stay texts. */
const withoutTimes = (tags: Tags): Tags => tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:timestamp"); // prettier-ignore

/** Reads a text that is known to be right; one that is not is a bug. */
export function readManifest(text: string): Manifest {
  const objects = parseAllDocuments(text, { version: "1.1", customTags: withoutTimes }).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    const object = document.toJS() as KubeObject | null;
    return object ? [object] : [];
  });
  return { text, objects, rbac: objects.filter(({ apiVersion }) => apiVersion.startsWith(RBAC)) };
}
