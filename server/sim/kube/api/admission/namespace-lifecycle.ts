import { errors } from "../status.ts";
import type { Namespace } from "../types/core.ts";
import { refuse, type AdmissionPlugin } from "./plugin.ts";

/** Namespaces without which a cluster is none. */
const IMMORTAL = new Set(["default", "kube-system", "kube-public"]);

/** As apiserver/pkg/admission/plugin/namespace/lifecycle. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: "NamespaceLifecycle",
  operations: ["CREATE", "UPDATE", "DELETE"],
  admit(attributes) {
    const { context, operation, name } = attributes;
    const isNamespace = context.kind.group === "" && context.kind.plural === "namespaces";
    if (operation === "DELETE") {
      if (isNamespace && IMMORTAL.has(name)) throw refuse(attributes, "this namespace may not be deleted");
      return;
    }
    if (isNamespace || context.namespace === "") return;
    const namespaces = context.find("", "namespaces");
    if (!namespaces) return;
    const namespace = context.store.get(namespaces, "", context.namespace) as Namespace | undefined;
    if (!namespace) throw errors.notFound({ group: "", resource: "namespaces" }, context.namespace);
    if (operation !== "CREATE" || namespace.status.phase !== "Terminating") return;
    throw refuse(
      attributes,
      `unable to create new content in namespace ${context.namespace} because it is being terminated`,
      [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${context.namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    );
  },
};
