import {
  addAddress,
  createLink,
  findLink,
  listLinks,
  parsePrefix,
  removeAddress,
  isLoopback,
  type LinkRow,
  type Namespace,
} from "../../../../net/index.ts";

/** Holds the addresses of Services, so that the node takes their packets for its own (netlink_linux.go). */
export const DUMMY = "kube-ipvs0";

export function ensureDummy(ns: Namespace): LinkRow | undefined {
  const found = findLink(ns, DUMMY);
  if (found) return found;
  const made = createLink(ns, { kind: "dummy", name: DUMMY });
  return made.ok ? made.value : undefined;
}

export function addressesOn(ns: Namespace, link: LinkRow): Set<string> {
  return new Set((ns.addresses.get(link.index) ?? []).filter(({ family }) => family === 4).map(({ local }) => local));
}

/** All addresses of the node but those of the dummy interface and of 127.0.0.0/8, in the order of its interfaces. */
export function nodeAddresses(ns: Namespace): Set<string> {
  const found = new Set<string>();
  for (const link of listLinks(ns)) {
    if (link.name === DUMMY) continue;
    for (const { local, family } of ns.addresses.get(link.index) ?? [])
      if (family === 4 && !isLoopback(parsePrefix(local)!.address)) found.add(local);
  }
  return found;
}

export function bindAddress(ns: Namespace, link: LinkRow, local: string): void {
  addAddress(ns, link, { local, length: 32 });
}

export function unbindAddress(ns: Namespace, link: LinkRow, local: string): void {
  removeAddress(ns, link, { local, length: 32 });
}
