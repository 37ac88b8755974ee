import {
  age,
  AGE,
  invalid,
  NAME,
  names,
  type Column,
  type FieldErrors,
  type Kind,
  type Lease,
} from "../../api/index.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Holder" }, AGE];

export const leases: Kind<Lease> = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  singular: "lease",
  namespaced: true,
  quiet: true,
  columns: COLUMNS,
  cells: ({ metadata, spec }, now) => [metadata.name, spec.holderIdentity ?? "", age(metadata.creationTimestamp, now)],
  nameRule: names.forNames(names.subdomain),
  createOnUpdate: true,
  needsResourceVersion: true,
  validate: validateLease,
  validateUpdate: validateLease,
};

/** pkg/apis/coordination/validation */
function validateLease({ spec }: Lease): FieldErrors {
  const found: FieldErrors = [];
  const { leaseDurationSeconds, leaseTransitions } = spec;
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
    found.push(invalid("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0"));
  if (leaseTransitions !== undefined && leaseTransitions < 0)
    found.push(invalid("spec.leaseTransitions", leaseTransitions, "must be greater than or equal to 0"));
  return found;
}
