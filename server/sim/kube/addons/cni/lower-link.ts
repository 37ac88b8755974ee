import { findLink, type LinkRow, type Namespace } from "../../../net/index.ts";
import { CniError } from "./cni-error.ts";
import type { GoFields } from "./go-fields.ts";
import { openNamespace } from "./network-namespace.ts";
import type { PluginCall } from "./skel.ts";

/** The link that a container's own stands on, and how large packets on it may be. */
export interface Lower {
  readonly ns: Namespace;
  readonly link: LinkRow;
  /** 0: as large as on the link. */
  readonly mtu: number;
}

/** Finds `master` on the machine, or in the container with `linkInContainer` (getMTUByName and its callers). */
export function lowerLink(call: PluginCall, fields: GoFields, master: (ns: Namespace) => string): Lower {
  const ns = fields.flag("linkInContainer") ? openNamespace(call.process, call.netns) : call.ns;
  const link = findLink(ns, master(ns));
  if (!link) throw new CniError("Link not found");
  const mtu = fields.integer("mtu");
  if (mtu < 0 || mtu > link.mtu) throw new CniError(`invalid MTU ${mtu}, must be [0, master MTU(${link.mtu})]`);
  return { ns, link, mtu };
}
