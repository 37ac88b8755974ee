import { address, ANY, type Address } from "../ip.ts";
import { getLink } from "../link/links.ts";
import type { LinkRow } from "../link/row.ts";
import type { Mac } from "../mac.ts";
import type { Namespace } from "../namespace.ts";
import {
  listNeighbours,
  neighbourState,
  neighbourTimes,
  type NeighbourRow,
  type NeighbourState,
} from "../neighbour.ts";
import { selectSource } from "../route/source.ts";
import { announce, ask, type Question } from "./ask.ts";
import { carry } from "./walk.ts";

export interface ShownNeighbour {
  readonly row: NeighbourRow;
  readonly state: NeighbourState;
}

/** Neighbours with their states as of now: one that should have been asked again meanwhile is, so that the state is true. */
export function showNeighbours(ns: Namespace): ShownNeighbour[] {
  const { now } = ns.kernel;
  return listNeighbours(ns).map((row) => {
    const link = getLink(ns, row.link);
    return {
      row,
      state: neighbourState(
        row,
        now,
        () => answers(ns, link, address(row.address)),
        neighbourTimes(ns, row.link, address(row.address)),
      ),
    };
  });
}

/** A gratuitous ARP: who knows the address of this link's owner corrects it (`arping -U`, what CNI plugins send). */
export function announceAddress(
  ns: Namespace,
  link: LinkRow,
  local: string,
  options: Pick<Question, "announces" | "unknown"> = {},
): void {
  announce(carry, ns, link, address(local), options);
}

/** Asks on a link who has an address (`arping`): the MAC address of the first who answers. */
export function askNeighbour(
  ns: Namespace,
  link: LinkRow,
  target: Address,
  options: Pick<Question, "silent" | "unknown" | "unicast"> & { readonly sender?: Address } = {},
): Mac | undefined {
  const sender = options.sender ?? selectSource(ns, link.index, target, "link") ?? ANY;
  return ask(carry, ns, link, { ...options, target, sender, mac: link.address });
}

function answers(ns: Namespace, link: LinkRow, target: Address): boolean {
  return askNeighbour(ns, link, target, { silent: true }) !== undefined;
}
