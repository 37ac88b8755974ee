import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { addAddress, defaultBroadcast, removeAddress } from "../address.ts";
import type { AddressRow } from "../address-row.ts";
import { strerror, type Result } from "../errno.ts";
import { addressesOf } from "../local.ts";
import { addNamespace, removeNamespace } from "../lifecycle.ts";
import type { Namespace } from "../namespace.ts";
import { addRoute, deleteRoute, type RouteMode } from "../route/table.ts";
import { compareAddresses, parsePrefix } from "../ip.ts";
import type { RouteRow } from "../route/row.ts";
import { linkNamed, sysctl, testNetwork, up } from "../testing.ts";
import { setMaster } from "./bridge.ts";
import { createLink, type LinkSpec } from "./create.ts";
import { deleteLink } from "./delete.ts";
import { findLink, listLinks } from "./links.ts";
import { isRunning, linkFlags, qdisc, shownOperState, type LinkRow } from "./row.ts";
import { moveLink, renameLink, setAddress, setMtu } from "./set.ts";
import { bringDown, bringUp } from "./state.ts";

/** What the recorder kept: `fixtures/record.mjs`. Parts that are missing are as after the step before. */
interface State {
  links?: Record<string, unknown>[];
  addresses?: unknown[];
  routes?: Record<string, unknown>[];
  routes6?: Record<string, unknown>[];
}

interface Step {
  readonly command: string;
  readonly status: number;
  readonly said: string;
  readonly namespaces: Record<string, State>;
}

const recorded = JSON.parse(readFileSync(new URL("fixtures/steps.json", import.meta.url), "utf8")) as {
  name: string;
  steps: Step[];
}[];

describe("links, addresses and routes are as the kernel has them after", () => {
  test.each(recorded.map((scenario) => [scenario.name, scenario] as const))("%s", (_, { steps }) => {
    const host = addNamespace(testNetwork(), "host");
    up(host, "lo");
    const known: Record<string, State> = {};
    for (const step of steps) {
      const result = execute(host, step.command);
      const said = result.ok
        ? ""
        : result.extack === undefined
          ? `RTNETLINK answers: ${strerror(result.errno)}`
          : `Error: ${result.extack}.`;
      expect(said, step.command).toEqual(step.said);
      for (const name of Object.keys(known)) if (!(name in step.namespaces)) delete known[name];
      for (const [name, state] of Object.entries(step.namespaces)) {
        known[name] = { ...known[name], ...state };
        const ns = name === "" ? host : host.network.named("host", name)!;
        const ours = withoutDrawn(shownState(ns));
        expect({ [step.command]: ours }).toEqual({ [step.command]: withoutDrawn(normalState(known[name])) });
      }
    }
  });
});

/** Does what iproute2 would ask the kernel for. */
function execute(host: Namespace, command: string): Result<unknown> {
  const words = command.split(" ");
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
  const to = words[0] === "default" ? "0.0.0.0/0" : words[0]!;
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

/** Addresses that follow from a MAC address that was drawn differ too. */
function withoutDrawn(state: State): unknown {
  return JSON.parse(JSON.stringify(state).replace(/fe80::(?!42:ff:)[0-9a-f:]+(?=["/])/g, "fe80::drawn"));
}

/** Our state in the words of `ip -j`. */
function shownState(ns: Namespace): State {
  const links = listLinks(ns);
  return {
    links: links.map((row) => shownLink(ns, row)),
    addresses: links.flatMap((row) => addressesOf(ns, row.index).map((own) => shownAddress(row, own))),
    routes: shownRoutes(ns, 4),
    routes6: shownRoutes(ns, 6),
  };
}

function shownLink(ns: Namespace, row: LinkRow): Record<string, unknown> {
  const there = row.kind === "veth" ? row.peer : undefined;
  const near = there?.namespace === ns.id ? ns.links.get(there.index) : undefined;
  const flags = linkFlags(row);
  if (row.up && !isRunning(row)) flags.unshift("NO-CARRIER");
  if (near && !near.up) flags.push("M-DOWN");
  return {
    ifindex: row.index,
    ...(near ? { link: near.name } : there ? { link_index: there.index } : {}),
    ifname: row.name,
    flags: flags.sort(),
    mtu: row.mtu,
    qdisc: qdisc(row),
    operstate: shownOperState(row),
    ...(row.master === undefined ? {} : { master: ns.links.get(row.master)!.name }),
    ...(there && !near ? { link_netnsid: ns.row.peerIds[there.namespace] } : {}),
    address: /^(02:42|00:00)/.test(row.address) ? row.address : "random",
    ...(row.port ? { port: row.port.state } : {}),
  };
}

function shownAddress(link: LinkRow, row: AddressRow): unknown {
  return {
    dev: link.name,
    family: row.family === 4 ? "inet" : "inet6",
    local: row.local,
    prefixlen: row.length,
    ...(row.broadcast === undefined ? {} : { broadcast: row.broadcast }),
    scope: row.scope,
    ...(row.label === undefined ? {} : { label: row.label }),
    ...(row.secondary ? { secondary: true } : {}),
  };
}

function shownRoutes(ns: Namespace, family: 4 | 6): Record<string, unknown>[] {
  const rows = [...ns.routes.values()].flat().filter((row) => row.family === family);
  return sortRoutes(rows.map((row) => shownRoute(ns, row)));
}

function shownRoute(ns: Namespace, row: RouteRow): Record<string, unknown> {
  const [hop] = row.hops;
  const link = hop && ns.links.get(hop.link);
  const host = row.family === 4 ? "/32" : "/128";
  const lost = link && link.up && !link.carrier && row.type !== "local";
  return {
    ...(row.type === "unicast" ? {} : { type: row.type }),
    dst: row.to === "0.0.0.0/0" ? "default" : row.to.endsWith(host) ? row.to.slice(0, -host.length) : row.to,
    ...(hop?.via === undefined ? {} : { gateway: hop.via }),
    ...(link ? { dev: link.name } : {}),
    ...(row.table === 254 ? {} : { table: row.table === 255 ? "local" : String(row.table) }),
    ...(row.protocol === "boot" ? {} : { protocol: row.protocol }),
    ...(row.family === 4 && row.scope !== "global" ? { scope: row.scope } : {}),
    ...(row.source === undefined ? {} : { prefsrc: row.source }),
    ...(row.metric === 0 && row.family === 4 ? {} : { metric: row.metric }),
    flags: [...(hop?.onlink ? ["onlink"] : []), ...(lost ? ["linkdown"] : [])],
    ...(row.family === 6 ? { pref: "medium" } : {}),
  };
}

/** The order of tables and of IPv6 routes follows hashes and time; that of IPv4 prefixes within a table is the kernel's. */
function sortRoutes(routes: Record<string, unknown>[]): Record<string, unknown>[] {
  const key = (row: Record<string, unknown>) =>
    parsePrefix(row["dst"] === "default" ? "0.0.0.0/0" : String(row["dst"]))!;
  return routes
    .map((row, at) => ({ row, at }))
    .sort(
      (a, b) =>
        String(a.row["table"] ?? "").localeCompare(String(b.row["table"] ?? "")) ||
        compareAddresses(key(a.row).address, key(b.row).address) ||
        key(b.row).length - key(a.row).length ||
        (String(a.row["dst"]).includes(":") ? String(a.row["dev"]).localeCompare(String(b.row["dev"])) : 0) ||
        a.at - b.at,
    )
    .map(({ row }) => row);
}

/** What was recorded, without what differs between machines: drawn MAC addresses. */
function normalState(state: State): State {
  const links = state.links!.map((row) => ({
    ...row,
    flags: [...(row["flags"] as string[])].sort(),
    address: /^(02:42|00:00)/.test(String(row["address"])) ? row["address"] : "random",
  }));
  const addresses = state.addresses!.map((row) => ({ ...(row as object) }));
  // `table all` without a family shows both.
  const routes = state.routes!.filter((row) => !("pref" in row));
  return { links, addresses, routes: sortRoutes(routes), routes6: sortRoutes(state.routes6!) };
}
