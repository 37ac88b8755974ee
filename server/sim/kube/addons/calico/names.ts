import { createHash } from "node:crypto";

/** The machine's end of a Pod's cable (libcalico-go lib/names VethNameForWorkload). */
export function vethName(namespace: string, pod: string, prefix = "cali"): string {
  return prefix + createHash("sha1").update(`${namespace}.${pod}`).digest("hex").slice(0, 11);
}

/** A CIDR as part of a name: `10-244-49-64-26`. */
export function cidrName(cidr: string): string {
  return cidr.replaceAll(/[./:]/g, "-");
}

export function affinityName(node: string, cidr: string): string {
  return `${node}-${cidrName(cidr)}`;
}

/** Names of handles must be fit for Kubernetes. */
export function handleName(handle: string): string {
  return handle.toLowerCase();
}
