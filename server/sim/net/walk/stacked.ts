import { uppersOf } from "../link/links.ts";
import type { LinkRow, MacvlanLink, UpperLink } from "../link/row.ts";
import type { Mac } from "../mac.ts";
import type { Namespace } from "../namespace.ts";
import { LATENCY } from "./latency.ts";
import type { Walker } from "./walker.ts";

/** A link on another one, with its namespace. */
export interface Upper {
  readonly ns: Namespace;
  readonly link: UpperLink;
}

interface Frame {
  readonly dstMac: Mac;
  readonly tags: readonly number[];
}

/** The vlan or macvlan that takes a frame which came in by a link (vlan_do_receive, macvlan_handle_frame). */
export function upperFor(ns: Namespace, link: LinkRow, { dstMac, tags }: Frame): Upper | undefined {
  const uppers = uppersOf(ns, link);
  const tag = tags.at(-1);
  if (tag !== undefined) {
    const vlan = uppers.find((one) => one.link.kind === "vlan" && one.link.id === tag);
    if (vlan) return vlan;
  }
  return uppers.find(
    ({ link: upper }) =>
      upper.kind === "macvlan" &&
      upper.up &&
      upper.mode !== "source" &&
      (upper.mode === "passthru" || upper.address === dstMac),
  );
}

/** The macvlan on the same link that a frame of another one goes to at once: both must be in mode bridge. */
export function siblingFor(
  lower: { readonly ns: Namespace; readonly link: LinkRow },
  from: MacvlanLink,
  { dstMac }: Pick<Frame, "dstMac">,
): Upper | undefined {
  if (from.mode !== "bridge" || !lower.link.up) return undefined;
  return uppersOf(lower.ns, lower.link).find(
    ({ link }) => link.kind === "macvlan" && link.up && link.mode === "bridge" && link.address === dstMac,
  );
}

/** Macvlans that hear a broadcast: from outside all, from one in mode bridge the others of that mode (macvlan_broadcast). */
export function listeners(ns: Namespace, lower: LinkRow, from: MacvlanLink | undefined): Upper[] {
  return uppersOf(ns, lower).filter(({ link }) => {
    if (link.kind !== "macvlan" || !link.up || link.mode === "source") return false;
    return from === undefined || (from.mode === "bridge" && link.mode === "bridge" && link.address !== from.address);
  });
}

/** A frame goes from a link up to the vlan or macvlan on it that it is for. */
export function toUpper(walker: Walker, link: LinkRow, upper: Upper): void {
  const { packet } = walker;
  if (upper.link.kind === "vlan") packet.tags = packet.tags.slice(0, -1);
  walker.hop("link", LATENCY.stacked, () => ({ what: `${link.name} to ${upper.link.kind} ${upper.link.name}` }));
  walker.go("frame-in", upper.ns, upper.link);
}
