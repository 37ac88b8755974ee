import { addAddress, defaultBroadcast, removeAddress } from "./address.ts";
import type { Result } from "./errno.ts";
import { addNamespace, removeNamespace } from "./lifecycle.ts";
import { setMaster } from "./link/bridge.ts";
import { createLink, type LinkSpec } from "./link/create.ts";
import { deleteLink } from "./link/delete.ts";
import { findLink } from "./link/links.ts";
import { moveLink, renameLink, setAddress, setMtu } from "./link/set.ts";
import { bringDown, bringUp } from "./link/state.ts";
import type { Namespace } from "./namespace.ts";
import { listNeighbours, deleteNeighbour } from "./neighbour.ts";
import { addRoute, deleteRoute, type RouteMode } from "./route/table.ts";
import { linkNamed, sysctl } from "./testing.ts";

/** The few commands of iproute2 and sysctl that recorded scenarios are written in, for replaying them in tests. */

/** Does what iproute2 would ask the kernel for. */
export function command(host: Namespace, line: string): Result<unknown> {
  const words = line.split(" ");
  if (words[0] === "sysctl") {
    const [name, value] = words[2]!.split("=") as [string, string];
    sysctl(host, name, value);
    return { ok: true, value: undefined };
  }
  words.shift();
  const ns = words[0] === "-n" ? host.network.named("host", words.splice(0, 2)[1]!)! : host;
  const [object, verb, ...rest] = words as [string, string, ...string[]];
  switch (object) {
    case "netns": {
      if (verb === "add") return { ok: true, value: addNamespace(host.network, "host", { name: rest[0]! }) };
      removeNamespace(host.network, host.network.named("host", rest[0]!)!.id);
      return { ok: true, value: undefined };
    }
    case "link":
      return verb === "add" ? link(ns, rest) : verb === "del" ? deleteLink(ns, index(ns, rest[0]!)) : set(ns, rest);
    case "addr":
      return address(ns, verb, rest);
    case "neigh":
      for (const row of listNeighbours(ns)) if (row.kind !== "permanent") deleteNeighbour(ns, row);
      return { ok: true, value: undefined };
    default:
      return route(ns, verb as RouteMode | "del", rest);
  }
}

function index(ns: Namespace, name: string): number {
  return linkNamed(ns, name).index;
}

function word(words: readonly string[], name: string): string | undefined {
  return words.includes(name) ? words[words.indexOf(name) + 1] : undefined;
}

function link(ns: Namespace, words: string[]): Result<unknown> {
  const peerAt = words.indexOf("peer");
  const own = peerAt < 0 ? words : words.slice(0, peerAt);
  const mac = word(own, "address");
  const base = { name: words[0]!, ...(mac === undefined ? {} : { address: mac }) };
  switch (word(words, "type")) {
    case "veth": {
      const theirs = words.slice(peerAt + 1);
      const peerMac = word(theirs, "address");
      const there = word(theirs, "netns");
      const peer = {
        name: word(theirs, "name")!,
        ...(peerMac === undefined ? {} : { address: peerMac }),
        ...(there === undefined ? {} : { namespace: ns.network.named("host", there)!.id }),
      };
      return createLink(ns, { ...base, kind: "veth", peer });
    }
    case "vxlan": {
      const spec: LinkSpec = { ...base, kind: "vxlan", id: Number(word(words, "id")), local: word(words, "local")! };
      return createLink(ns, { ...spec, dstport: Number(word(words, "dstport")) });
    }
    default:
      return createLink(ns, { ...base, kind: "bridge" });
  }
}

function set(ns: Namespace, [name, what, value]: string[]): Result<unknown> {
  const at = index(ns, name!);
  switch (what) {
    case "up":
      bringUp(ns, at);
      return { ok: true, value: undefined };
    case "down":
      bringDown(ns, at);
      return { ok: true, value: undefined };
    case "master":
      return setMaster(ns, at, index(ns, value!));
    case "nomaster":
      return setMaster(ns, at, undefined);
    case "mtu":
      return setMtu(ns, at, Number(value));
    case "address":
      return setAddress(ns, at, value!);
    case "name":
      return renameLink(ns, at, value!);
    default:
      return moveLink(ns, at, ns.network.named("host", value!)!);
  }
}

function address(ns: Namespace, verb: string, words: string[]): Result<unknown> {
  const [local, digits] = words[0]!.split("/") as [string, string];
  const length = Number(digits);
  const dev = findLink(ns, word(words, "dev")!)!;
  if (verb === "del") return removeAddress(ns, dev, { local, length });
  const scope = word(words, "scope");
  return addAddress(ns, dev, {
    local,
    length,
    ...(words.includes("brd") ? { broadcast: defaultBroadcast(local, length) } : {}),
    ...(scope === undefined ? {} : { scope: scope as "link" }),
  });
}

function route(ns: Namespace, verb: RouteMode | "del", words: string[]): Result<unknown> {
  const refusing = ["blackhole", "unreachable", "prohibit"].includes(words[0]!);
  const type = refusing ? { type: words.shift() as "blackhole" } : {};
  const to = words[0] === "default" ? "0.0.0.0/0" : words[0]!.includes("/") ? words[0]! : `${words[0]!}/32`;
  const [via, dev, metric] = [word(words, "via"), word(words, "dev"), word(words, "metric")];
  const [source, table, protocol] = [word(words, "src"), word(words, "table"), word(words, "proto")];
  const common = {
    to,
    ...type,
    ...(metric === undefined ? {} : { metric: Number(metric) }),
    ...(source === undefined ? {} : { source }),
    ...(table === undefined ? {} : { table: Number(table) }),
    ...(protocol === undefined ? {} : { protocol }),
  };
  if (verb === "del")
    return deleteRoute(ns, {
      ...common,
      ...(via === undefined ? {} : { via }),
      ...(dev === undefined ? {} : { link: index(ns, dev) }),
    });
  const hop = {
    ...(via === undefined ? {} : { via }),
    ...(dev === undefined ? {} : { link: index(ns, dev) }),
    ...(words.includes("onlink") ? { onlink: true } : {}),
  };
  return addRoute(ns, { ...common, ...(refusing || (!via && !dev) ? {} : { hops: [hop] }) }, verb);
}
