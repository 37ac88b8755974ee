import {
  type Client, type Node, type PersistentVolume, type PersistentVolumeClaim, type Pod, type StorageClass,
} from "../api/index.ts"; // prettier-ignore
import {
  annotated, BIND_COMPLETED, boundVolume, classOfClaim, findMatchingVolume, nodeSelectorMatches, NO_PROVISIONER, persistentVolumeClaims, persistentVolumes,
  SELECTED_NODE, storageClasses,
} from "../kinds/index.ts"; // prettier-ignore

/** The claims of a Pod, by what is still to be done (volumebinding/binder.go GetPodVolumes). */
export interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Those that the scheduler finds volumes for. */
  readonly delayed: readonly PersistentVolumeClaim[];
}

/** What a node would give to the claims that have no volume: volumes that are there, and volumes to be made. */
export interface PodVolumes {
  readonly matched: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  readonly provisioned: readonly PersistentVolumeClaim[];
}

const NODE_CONFLICT = "node(s) didn't match PersistentVolume's node affinity";
const BIND_CONFLICT = "node(s) didn't find available persistent volumes to bind";
const VOLUME_MISSING = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";

interface ClaimName {
  readonly name: string;
  readonly ephemeral: boolean;
}

/** The names of the claims behind a Pod's volumes. */
export function claimNames({ metadata, spec }: Pod): readonly ClaimName[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }): ClaimName[] => {
    if (persistentVolumeClaim) return [{ name: persistentVolumeClaim.claimName, ephemeral: false }];
    return ephemeral ? [{ name: `${metadata.name}-${name}`, ephemeral: true }] : [];
  });
}

/** The claims of a Pod, or why it can go nowhere. */
export function podClaims(client: Client, pod: Pod): PodClaims | { readonly why: string } {
  const bound: PersistentVolumeClaim[] = [];
  const delayed: PersistentVolumeClaim[] = [];
  let unbound = false;
  for (const { name, ephemeral } of claimNames(pod)) {
    const claim = client.get(persistentVolumeClaims, pod.metadata.namespace ?? "", name);
    if (!claim && ephemeral)
      return { why: `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"` };
    if (!claim) return { why: `persistentvolumeclaim "${name}" not found` };
    if (claim.status.phase === "Lost")
      return {
        why: `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ""}"`,
      };
    if (claim.metadata.deletionTimestamp) return { why: `persistentvolumeclaim "${name}" is being deleted` };
    if (isFullyBound(claim)) bound.push(claim);
    else if (!claim.spec.volumeName && classOf(client, claim)?.volumeBindingMode === "WaitForFirstConsumer")
      delayed.push(claim);
    else unbound = true;
  }
  return unbound ? { why: "pod has unbound immediate PersistentVolumeClaims" } : { bound, delayed };
}

export function isFullyBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return Boolean(spec.volumeName) && metadata.annotations?.[BIND_COMPLETED] !== undefined;
}

/** What a node has for a Pod's claims, or why it is not for it (FindPodVolumes). */
export function findPodVolumes(
  client: Client,
  { bound, delayed }: PodClaims,
  node: Node,
): PodVolumes | { readonly reasons: readonly string[] } {
  const reasons = new Set<string>();
  for (const { spec } of bound) {
    const volume = client.get(persistentVolumes, "", spec.volumeName!);
    if (!volume) reasons.add(VOLUME_MISSING);
    else if (!reaches(volume, node)) {
      reasons.add(NODE_CONFLICT);
      break;
    }
  }
  const matched: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
  const provisioned: PersistentVolumeClaim[] = [];
  const taken = new Set<string>();
  for (const claim of delayed) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE];
    const volume =
      selected === undefined
        ? findMatchingVolume(claim, client.list(persistentVolumes), { reaches: (one) => reaches(one, node), taken })
        : undefined;
    if (volume) {
      taken.add(volume.metadata.name);
      matched.push({ claim, volume });
    } else if ((selected ?? node.metadata.name) === node.metadata.name && canProvision(client, claim, node))
      provisioned.push(claim);
    else reasons.add(BIND_CONFLICT);
  }
  return reasons.size > 0 ? { reasons: [...reasons] } : { matched, provisioned };
}

/** Writes down what was decided: reserves the volumes, and tells provisioners where to make theirs (bindAPIUpdate). */
export function bindPodVolumes(client: Client, { matched, provisioned }: PodVolumes, node: string): void {
  for (const { claim, volume } of matched) {
    const next = boundVolume(volume, claim);
    if (next !== volume) client.update(persistentVolumes, next);
  }
  for (const claim of provisioned) {
    const metadata = annotated(claim.metadata, SELECTED_NODE, node);
    if (metadata !== claim.metadata) client.update(persistentVolumeClaims, { ...claim, metadata });
  }
}

/** volume/util CheckNodeAffinity */
function reaches({ spec }: PersistentVolume, node: Node): boolean {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms;
  return !terms || nodeSelectorMatches(terms, node);
}

function canProvision(client: Client, claim: PersistentVolumeClaim, node: Node): boolean {
  const found = classOf(client, claim);
  if (!found || found.provisioner === NO_PROVISIONER || found.provisioner === "") return false;
  const { allowedTopologies = [] } = found;
  return (
    allowedTopologies.length === 0 ||
    allowedTopologies.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every(({ key, values }) => values.includes(node.metadata.labels?.[key] ?? "")),
    )
  );
}

function classOf(client: Client, claim: PersistentVolumeClaim): StorageClass | undefined {
  const name = classOfClaim(claim);
  return name === "" ? undefined : client.get(storageClasses, "", name);
}
