import {
  errors,
  go,
  goStrings,
  invalid,
  isIpv6,
  sameJson,
  type Draft,
  type FieldErrors,
  type KindContext,
  type Service,
} from "../../../api/index.ts";
import { validateClusterIps } from "./cluster-ips.ts";
import { NONE } from "./facts.ts";
import type { Family } from "./ip-allocator.ts";

const POLICY = "spec.ipFamilyPolicy";

/** The families of the cluster's Service ranges, the first of them first. */
export function clusterFamilies({ settings }: KindContext): readonly Family[] {
  return settings.serviceCidrs.map((cidr) => (isIpv6(cidr.split("/")[0]!) ? "IPv6" : "IPv4"));
}

/** Fills in ipFamilies and ipFamilyPolicy (pkg/registry/core/service/storage/alloc.go initIPFamilyFields). */
export function initFamilies(service: Draft<Service>, old: Service | undefined, context: KindContext): void {
  const { spec } = service;
  if (spec.type === "ExternalName" || isUnchangedPreference(service, old)) return;
  const families = clusterFamilies(context);
  const selectorless = Object.keys(spec.selector ?? {}).length === 0;
  const free = spec.clusterIP === NONE && selectorless;
  spec.ipFamilyPolicy ??= old?.spec.ipFamilyPolicy ?? (free ? "RequireDualStack" : "SingleStack");
  refuse(service, validateClusterIps(service));

  const found = old ? reductions(service, old) : [];
  if (spec.ipFamilyPolicy === "SingleStack") {
    const several = (what: string): string =>
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
    if (spec.clusterIPs?.length === 2) found.push(invalid(POLICY, spec.ipFamilyPolicy, several("cluster IPs")));
    if (spec.ipFamilies?.length === 2) found.push(invalid(POLICY, spec.ipFamilyPolicy, several("IP families")));
  }
  for (const [index, address] of (spec.clusterIPs ?? []).entries()) {
    if (address === NONE) break;
    if (index < (spec.ipFamilies?.length ?? 0)) continue;
    const family = isIpv6(address) ? "IPv6" : "IPv4";
    if (families.includes(family)) (spec.ipFamilies ??= []).push(family);
    else
      found.push(
        invalid(`spec.clusterIPs[${index}]`, goStrings(spec.clusterIPs), `${family} is not configured on this cluster`),
      );
  }
  refuse(service, found);

  if (free) {
    spec.ipFamilies ??= [families[0]!];
    if (spec.ipFamilies.length < 2 && spec.ipFamilyPolicy !== "SingleStack")
      spec.ipFamilies.push(other(spec.ipFamilies[0]!));
    return;
  }
  const unmet: FieldErrors = [];
  if (spec.ipFamilyPolicy === "RequireDualStack" && families.length < 2)
    unmet.push(invalid(POLICY, spec.ipFamilyPolicy, "this cluster is not configured for dual-stack services"));
  for (const [index, family] of (spec.ipFamilies ?? []).entries())
    if (!families.includes(family as Family))
      unmet.push(invalid(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
  refuse(service, unmet);
  spec.ipFamilies ??= [families[0]!];
  if (spec.ipFamilyPolicy !== "SingleStack" && spec.ipFamilies.length === 1 && families.length === 2)
    spec.ipFamilies.push(other(spec.ipFamilies[0]!));
}

function refuse({ metadata }: Draft<Service>, found: FieldErrors): void {
  if (found.length > 0) throw errors.invalid({ group: "", kind: "Service" }, metadata.name, found);
}

function other(family: string): Family {
  return family === "IPv4" ? "IPv6" : "IPv4";
}

/** A Service that prefers two families stays as it is while nobody asks for a change. */
export function isUnchangedPreference({ spec }: Draft<Service>, old: Service | undefined): boolean {
  if (!old || spec.ipFamilyPolicy !== "PreferDualStack" || old.spec.ipFamilyPolicy !== "PreferDualStack") return false;
  return (
    old.spec.type !== "ExternalName" &&
    spec.clusterIP === old.spec.clusterIP &&
    sameJson(spec.clusterIPs, old.spec.clusterIPs) &&
    sameJson(spec.ipFamilies, old.spec.ipFamilies)
  );
}

/** Giving up the second family must be said in the policy. */
function reductions({ spec }: Draft<Service>, old: Service): FieldErrors {
  const found: FieldErrors = [];
  if (spec.ipFamilyPolicy === "SingleStack") {
    if (sameJson(spec.clusterIPs, old.spec.clusterIPs) && (spec.clusterIPs?.length ?? 0) > 1)
      spec.clusterIPs!.length = 1;
    if (sameJson(spec.ipFamilies, old.spec.ipFamilies) && (spec.ipFamilies?.length ?? 0) > 1)
      spec.ipFamilies!.length = 1;
    return found;
  }
  const fewer = (next: readonly string[] | undefined, before: readonly string[] | undefined): boolean =>
    (next?.length ?? 0) > 0 && (next?.length ?? 0) < (before?.length ?? 0);
  const value = spec.ipFamilyPolicy ?? go("null");
  if (fewer(spec.clusterIPs, old.spec.clusterIPs))
    found.push(invalid(POLICY, value, "must be 'SingleStack' to release the secondary cluster IP"));
  if (fewer(spec.ipFamilies, old.spec.ipFamilies))
    found.push(invalid(POLICY, value, "must be 'SingleStack' to release the secondary IP family"));
  return found;
}
