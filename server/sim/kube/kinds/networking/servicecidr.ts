import {
  age, AGE, goStrings, goStruct, IMMUTABLE, invalid, isIpv6, NAME, names, required, strictCidrErrors, type Column, type Draft,
  type FieldErrors, type Kind, type ServiceCidr,
} from "../../api/index.ts"; // prettier-ignore

const COLUMNS: readonly Column[] = [NAME, { name: "CIDRs" }, AGE];
const PATH = "spec.cidrs";

/** A range from which Services get their addresses. */
export const serviceCidrs: Kind<ServiceCidr> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "ServiceCIDR",
  plural: "servicecidrs",
  singular: "servicecidr",
  namespaced: false,
  columns: COLUMNS,
  cells: ({ metadata, spec }, now) => [
    metadata.name,
    (spec.cidrs ?? []).join(","),
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),
  validate: ({ spec }) => validateCidrs(spec.cidrs),
  validateUpdate: ({ spec }, old) => validateChange(spec.cidrs, old.spec.cidrs),
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(cidr, old) {
        cidr.spec = old.spec as Draft<ServiceCidr["spec"]>;
        const { labels, annotations, finalizers, ownerReferences } = old.metadata;
        Object.assign(cidr.metadata, { labels, annotations, finalizers, ownerReferences });
      },
    },
  },
};

function validateCidrs(cidrs: readonly string[] = []): FieldErrors {
  if (cidrs.length === 0) return [required(PATH, "at least one CIDR required")];
  const all = goStruct("networking.ServiceCIDRSpec", { CIDRs: goStrings(cidrs) });
  if (cidrs.length > 2) return [invalid(PATH, all, "may only hold up to 2 values")];
  if (cidrs.length === 2 && !isDual(cidrs))
    return [
      invalid(PATH, all, "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"),
    ];
  return cidrs.flatMap((cidr, index) => strictCidrErrors(`${PATH}[${index}]`, cidr));
}

function isDual(cidrs: readonly string[]): boolean {
  return cidrs.every((cidr) => strictCidrErrors("", cidr).length === 0) && new Set(cidrs.map(familyOf)).size === 2;
}

function familyOf(cidr: string): boolean {
  return isIpv6(cidr.split("/")[0]!);
}

/** One range may get one of the other family beside it; all else stays (ValidateServiceCIDRUpdate of 1.33). */
function validateChange(next: readonly string[] = [], old: readonly string[] = []): FieldErrors {
  const fixed = (index: number): FieldErrors =>
    next[index] === old[index] ? [] : [invalid(`${PATH}[${index}]`, next[index], IMMUTABLE)];
  if (next.length === old.length) return old.flatMap((_, index) => fixed(index));
  if (old.length === 1 && next.length === 2) return [...fixed(0), ...validateCidrs(next)];
  return [invalid(PATH, goStrings(next), IMMUTABLE)];
}
