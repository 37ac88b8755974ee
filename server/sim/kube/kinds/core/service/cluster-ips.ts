import {
  duplicate,
  goStrings,
  invalid,
  ipErrors,
  isIpv6,
  notSupported,
  required,
  type FieldErrors,
  type Service,
} from "../../../api/index.ts";
import { isHeadless, NONE } from "./facts.ts";

const FAMILIES = ["IPv4", "IPv6"];
const POLICIES = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const PATH = "spec.clusterIPs";
const FIXED = "may not change once set";

/** clusterIP, clusterIPs and ipFamilies must fit together (ValidateServiceClusterIPsRelatedFields). */
export function validateClusterIps(service: Service): FieldErrors {
  const { type, clusterIP, clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = service.spec;
  if (type === "ExternalName") return [];
  const found: FieldErrors = [];
  const all = goStrings(service.spec.clusterIPs);
  if (clusterIP) {
    if (clusterIPs.length === 0) found.push(required(PATH));
    else if (clusterIPs[0] !== clusterIP) found.push(invalid(PATH, all, "first value must match `clusterIP`"));
  } else if (clusterIPs.length > 0) found.push(invalid(PATH, all, "must be empty when `clusterIP` is not specified"));

  for (const [index, family] of ipFamilies.entries()) {
    if (!FAMILIES.includes(family)) found.push(notSupported(`spec.ipFamilies[${index}]`, family, FAMILIES));
    if (ipFamilies.indexOf(family) < index) found.push(duplicate(`spec.ipFamilies[${index}]`, family));
  }
  if (ipFamilyPolicy !== undefined && !POLICIES.includes(ipFamilyPolicy))
    found.push(notSupported("spec.ipFamilyPolicy", ipFamilyPolicy, POLICIES));

  let bad = false;
  for (const [index, address] of clusterIPs.entries()) {
    const problems =
      index === 0 && address === NONE
        ? clusterIPs.length > 1
          ? [invalid(PATH, all, "'None' must be the first and only value")]
          : []
        : ipErrors(`${PATH}[${index}]`, address);
    bad ||= problems.length > 0;
    found.push(...problems);
  }
  if (clusterIPs.length > 2) found.push(invalid(PATH, all, "may only hold up to 2 values"));
  if (bad) return found;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(isIpv6)).size < 2)
    found.push(invalid(PATH, all, "may specify no more than one IP for each IP family"));
  if (isHeadless(service) || found.length > 0) return found;
  for (const [index, address] of clusterIPs.entries()) {
    const family = ipFamilies[index];
    if (family !== undefined && isIpv6(address) !== (family === "IPv6"))
      found.push(
        invalid(`${PATH}[${index}]`, address, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``),
      );
  }
  return found;
}

/** The first address is for ever; the second may come and go (validateUpgradeDowngradeClusterIPs). */
export function validateClusterIpUpdate(service: Service, old: Service): FieldErrors {
  if (service.spec.type === "ExternalName" || old.spec.type === "ExternalName") return [];
  if (isHeadless(service) && isHeadless(old)) return [];
  const [next, before] = [service.spec.clusterIPs ?? [], old.spec.clusterIPs ?? []];
  const all = goStrings(service.spec.clusterIPs);
  if (next.length === before.length)
    return before.flatMap((address, index) =>
      address === next[index] ? [] : [invalid(`${PATH}[${index}]`, all, FIXED)],
    );
  const found: FieldErrors = [];
  if (next.length === 0) found.push(invalid(`${PATH}[0]`, all, "primary clusterIP can not be unset"));
  if (before.length > 0 && next.length > 0 && next[0] !== before[0]) found.push(invalid(`${PATH}[0]`, all, FIXED));
  if (before.length > next.length && next.length === 1 && service.spec.ipFamilyPolicy !== "SingleStack")
    found.push(
      invalid(
        "spec.ipFamilyPolicy",
        service.spec.ipFamilyPolicy,
        "must be set to 'SingleStack' when releasing the secondary clusterIP",
      ),
    );
  return found;
}

/** As for addresses: the first family stays (validateUpgradeDowngradeIPFamilies). */
export function validateFamilyUpdate(service: Service, old: Service): FieldErrors {
  if (service.spec.type === "ExternalName" || old.spec.type === "ExternalName") return [];
  if (isHeadless(old) && isHeadless(service)) return [];
  const [next, before] = [service.spec.ipFamilies ?? [], old.spec.ipFamilies ?? []];
  const all = goStrings(service.spec.ipFamilies, "[]core.IPFamily");
  const path = "spec.ipFamilies";
  if (next.length === before.length)
    return before.flatMap((family, index) =>
      family === next[index] ? [] : [invalid(`${path}[${index}]`, all, FIXED)],
    );
  const found: FieldErrors = [];
  if (next.length === 0) found.push(invalid(`${path}[0]`, all, "primary ipFamily can not be unset"));
  if (before.length > 0 && next.length > 0 && next[0] !== before[0])
    found.push(invalid(`${path}[0]`, next.length > before.length ? all : next[0], FIXED));
  if (before.length > next.length && next.length === 1 && service.spec.ipFamilyPolicy !== "SingleStack")
    found.push(
      invalid(
        "spec.ipFamilyPolicy",
        service.spec.ipFamilyPolicy,
        "must be set to 'SingleStack' when releasing the secondary ipFamily",
      ),
    );
  return found;
}
