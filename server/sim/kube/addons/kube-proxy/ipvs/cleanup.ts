import { clearServices, deleteLink, destroySet, findLink, setsOf, type Namespace } from "../../../../net/index.ts";
import { removeIpvsChains } from "./chains.ts";
import { DUMMY } from "./dummy.ts";
import { SET_NAMES } from "./sets.ts";

/** All that the ipvs mode leaves on a node (ipvs CleanupLeftovers); the sets come last, since rules refer to them. */
export function cleanUpIpvs(ns: Namespace): void {
  clearServices(ns);
  const dummy = findLink(ns, DUMMY);
  if (dummy) deleteLink(ns, dummy.index);
  removeIpvsChains(ns);
  for (const name of SET_NAMES) if (setsOf(ns).has(name)) destroySet(ns, name);
}
