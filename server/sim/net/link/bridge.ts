import { fail, ok, type Result } from "../errno.ts";
import { flushFdb } from "../fdb.ts";
import type { Namespace } from "../namespace.ts";
import { bridgePorts, getLink, updateLink, uppersOf } from "./links.ts";
import { isBare, isOperUp, type BridgePort } from "./row.ts";
import { checkPort, recalculateBridge, selectPortStates } from "./state.ts";

/** Makes a link the port of a bridge, or frees it (br_add_if, br_del_if). */
export function setMaster(ns: Namespace, index: number, master: number | undefined): Result {
  const link = getLink(ns, index);
  if (link.master === master) return ok();
  if (link.master !== undefined) leaveBridge(ns, index);
  if (master === undefined) return ok();
  const bridge = ns.links.get(master);
  if (!bridge) return fail("ENODEV");
  if (bridge.kind !== "bridge") return fail("EOPNOTSUPP");
  if (link.kind === "loopback") return fail("EINVAL");
  if (link.kind === "bridge") return fail("ELOOP", "Can not enslave a bridge to a bridge");
  if (isBare(link)) return fail("EINVAL");
  if (uppersOf(ns, link).some((upper) => upper.link.kind === "macvlan")) return fail("EBUSY");
  const taken = new Set(bridgePorts(ns, master).map((port) => port.port!.number));
  let number = 1;
  while (taken.has(number)) number++;
  const port: BridgePort = {
    number,
    state: "disabled",
    priority: 32,
    cost: 2,
    hairpin: false,
    learning: true,
    flood: true,
    isolated: false,
  };
  updateLink(ns, getLink(ns, index), { master, port });
  checkPort(ns, index);
  recalculateBridge(ns, master);
  return ok();
}

export function leaveBridge(ns: Namespace, index: number): void {
  const link = getLink(ns, index);
  if (link.master === undefined) return;
  const bridge = link.master;
  flushFdb(ns, index, { learnedOnly: false });
  const { master: _master, port: _port, ...free } = link;
  ns.links.set(index, free);
  if (!ns.links.has(bridge)) return;
  selectPortStates(ns, bridge);
  recalculateBridge(ns, bridge);
}

/** Changes how a port of a bridge behaves: `bridge link set dev … hairpin on`. */
export function setPort(ns: Namespace, index: number, change: Partial<Omit<BridgePort, "number">>): Result {
  const link = getLink(ns, index);
  if (!link.port) return fail("EINVAL");
  // BR_MAX_PORTS is 1024, so that six bits are left for the priority.
  if (change.priority !== undefined && change.priority > 63) return fail("ERANGE");
  // Without a carrier a port can only be disabled (br_set_port_state).
  if (change.state !== undefined && change.state !== "disabled" && !isOperUp(link)) return fail("ENETDOWN");
  // Without a spanning tree, what blocks is forwarding again at once (br_port_state_selection, br_make_forwarding).
  const state = change.state === "blocking" ? "forwarding" : (change.state ?? link.port.state);
  updateLink(ns, link, { port: { ...link.port, ...change, state } });
  if (change.state !== undefined) selectPortStates(ns, link.master!);
  return ok();
}
