import { parseAllDocuments } from "yaml";
import type { KubeObject } from "../../kubeadm/index.ts";

const RBAC = "rbac.authorization.k8s.io/";

/** A manifest that a project publishes: its text, and the objects in it in their order. */
export interface Manifest {
  readonly text: string;
  readonly objects: readonly KubeObject[];
  /** Roles and bindings, which are also among `objects`. */
  readonly rbac: readonly KubeObject[];
}

/** Reads a text that is known to be right; one that is not is a bug. */
export function readManifest(text: string): Manifest {
  const objects = parseAllDocuments(text, { version: "1.1" }).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    const object = document.toJS() as KubeObject | null;
    return object ? [object] : [];
  });
  return { text, objects, rbac: objects.filter(({ apiVersion }) => apiVersion.startsWith(RBAC)) };
}
