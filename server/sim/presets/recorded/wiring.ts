import {
  addAddress,
  addNamespace,
  addRoute,
  bringUp,
  createLink,
  findLink,
  moveLink,
  renameLink,
  setMaster,
  writeSysctl,
  type Namespace,
  type Result,
} from "../../net/index.ts";
import type { World } from "../../world/index.ts";

/** The machine of all recorded worlds. */
export const MACHINE = "controlplane";

export function own(world: World): Namespace {
  return world.network.namespace(MACHINE);
}

/** What a step of the arrangement returns; a failure is our mistake. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.errno} ${result.extack ?? ""}`);
  return result.value;
}

export function link(ns: Namespace, name: string): number {
  return findLink(ns, name)!.index;
}

/** A namespace that `ip netns` does not list: a Pod's, or what stands for another machine. */
export function hidden({ network }: World, ipv6: boolean): Namespace {
  const ns = addNamespace(network, MACHINE);
  if (!ipv6) withoutIpv6(ns);
  must(bringUp(ns, link(ns, "lo")));
  return ns;
}

export function withoutIpv6(ns: Namespace): void {
  for (const owner of ["all", "default"]) must(writeSysctl(ns, `net/ipv6/conf/${owner}/disable_ipv6`, "1"));
}

/** One end of a cable: in a namespace, by its name there and its address. */
export type CableEnd = readonly [ns: Namespace, name: string, address: string];

/** As `veth` of golden/lib/common.sh: both are made in the shell's namespace, whose end has index 2, and moved from there. */
export function cable(near: CableEnd, far: CableEnd): void {
  const shell = near[0].network.namespace(MACHINE);
  const [index, farIndex] = near[0] === shell ? [2, 12] : [902, 903];
  const peer = { name: "tmpb", index: farIndex, address: far[2] };
  must(createLink(shell, { kind: "veth", name: "tmpa", index, address: near[2], peer }));
  place(shell, "tmpa", near);
  place(shell, "tmpb", far);
  for (const [ns, name] of [near, far]) must(bringUp(ns, link(ns, name)));
}

function place(shell: Namespace, made: string, [ns, name]: CableEnd): void {
  const index = link(shell, made);
  if (ns === shell) must(renameLink(shell, index, name));
  else must(moveLink(shell, index, ns, name));
}

export function bridge(ns: Namespace, name: string, address: string): void {
  must(createLink(ns, { kind: "bridge", name, address }));
  must(bringUp(ns, link(ns, name)));
}

export function plug(ns: Namespace, port: string, into: string): void {
  must(setMaster(ns, link(ns, port), link(ns, into)));
}

/** `10.244.1.5/24`; a broadcast address only where one is given. */
export function give(ns: Namespace, name: string, prefix: string, broadcast?: string): void {
  const [local, length] = prefix.split("/") as [string, string];
  const more = broadcast === undefined ? {} : { broadcast };
  must(addAddress(ns, findLink(ns, name)!, { local, length: Number(length), ...more }));
}

export function defaultRoute(ns: Namespace, via: string): void {
  must(addRoute(ns, { to: "0.0.0.0/0", hops: [{ via }] }));
}
