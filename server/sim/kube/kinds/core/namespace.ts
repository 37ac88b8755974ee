import {
  age, AGE, invalid, NAME, names, type Column, type Draft, type FieldErrors, type Kind, type Namespace,
} from "../../api/index.ts"; // prettier-ignore

const COLUMNS: readonly Column[] = [NAME, { name: "Status" }, AGE];
const KUBERNETES = "kubernetes";
const NAME_LABEL = "kubernetes.io/metadata.name";

export const namespaces: Kind<Namespace> = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  singular: "namespace",
  shortNames: ["ns"],
  namespaced: false,
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  columns: COLUMNS,
  cells: ({ metadata, status }, now) => [metadata.name, status.phase ?? "", age(metadata.creationTimestamp, now)],
  nameRule: names.forNames(names.label),
  fields: { "status.phase": ({ status }) => status.phase ?? "" },

  defaults({ metadata, status }) {
    if (metadata.name) (metadata.labels ??= {})[NAME_LABEL] = metadata.name;
    status.phase ??= "Active";
  },
  prepareCreate(namespace) {
    namespace.status = { phase: "Active" };
    (namespace.metadata.labels ??= {})[NAME_LABEL] ??= namespace.metadata.name;
    const finalizers = (namespace.spec.finalizers ??= []);
    if (!finalizers.includes(KUBERNETES)) finalizers.push(KUBERNETES);
  },
  prepareUpdate(namespace, old) {
    namespace.spec = old.spec as Draft<Namespace["spec"]>;
    namespace.status = old.status as Draft<Namespace["status"]>;
  },
  validate: validateFinalizers,
  validateUpdate: validateFinalizers,

  /** The first DELETE makes it terminate; it goes when its contents are gone (pkg/registry/core/namespace/storage). */
  beginDelete(namespace, { nowText }) {
    const { metadata, spec, status } = namespace;
    if (metadata.deletionTimestamp) return (spec.finalizers?.length ?? 0) > 0 ? namespace : undefined;
    return {
      ...namespace,
      metadata: { ...metadata, deletionTimestamp: nowText },
      status: { ...status, phase: "Terminating" },
    };
  },
  holds: ({ spec }) => (spec.finalizers?.length ?? 0) > 0,
  resetFields: { "": [["status"]], status: [["spec"]], finalize: [["status"]] },
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(namespace, old) {
        namespace.spec = old.spec as Draft<Namespace["spec"]>;
      },
      validateUpdate: validatePhase,
    },
    finalize: {
      type: "part",
      verbs: ["update"],
      prepareUpdate(namespace, old) {
        namespace.status = old.status as Draft<Namespace["status"]>;
      },
      validateUpdate: validateFinalizers,
    },
  },
};

function validateFinalizers({ spec }: Namespace): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, finalizer] of (spec.finalizers ?? []).entries()) {
    const path = `spec.finalizers[${index}]`;
    for (const message of names.qualifiedName(finalizer)) found.push(invalid(path, finalizer, message));
    if (!finalizer.includes("/") && finalizer !== KUBERNETES)
      found.push(invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified"));
  }
  return found;
}

function validatePhase({ metadata, status }: Namespace): FieldErrors {
  const { phase = "" } = status;
  if (!metadata.deletionTimestamp && phase !== "Active")
    return [invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty")];
  if (metadata.deletionTimestamp && phase !== "Terminating")
    return [invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")];
  return [];
}
