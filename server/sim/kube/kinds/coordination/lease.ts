import { parseRfc3339, rfc3339Micro } from "../../../kernel/index.ts";
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
  prepareCreate({ spec }) {
    // CoordinatedLeaderElection is off in v1.33 (pkg/registry/coordination/lease/strategy.go).
    delete spec.strategy;
    delete spec.preferredHolder;
  },
  prepareUpdate({ spec }, { spec: old }) {
    if (old.strategy === undefined) delete spec.strategy;
    if (old.preferredHolder === undefined) delete spec.preferredHolder;
  },
  // Renewals are heartbeats that nobody writes.
  shown(lease, { settings }) {
    const { namespace, name } = lease.metadata;
    const renewed = settings.lastRenewal?.(`${namespace}/${name}`);
    const written = parseRfc3339(lease.spec.renewTime ?? "");
    if (renewed === undefined || (written !== undefined && written >= renewed)) return lease;
    return { ...lease, spec: { ...lease.spec, renewTime: rfc3339Micro(renewed) } };
  },
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
