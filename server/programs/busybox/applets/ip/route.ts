import {
  addRoute,
  deleteRoute,
  findLink,
  flushRoutes,
  getRoute,
  listRoutes,
  parseAddress,
  parsePrefix,
  addressText,
  TABLE_MAIN,
  type Namespace,
  type RouteMode,
  type RouteRow,
  type RouteSpec,
  type RouteType,
} from "../../../../sim/net/index.ts";
import { strerror } from "../../../../sim/host/index.ts";
import type { Showing } from "./show.ts";

/** What came of a command: its output, or why it failed with which code. */
export type Done = { readonly out: string } | { readonly problem: string; readonly code: number } | "usage";

/** networking/libiproute/iproute.c do_iproute */
export function ipRoute(ns: Namespace, words: readonly string[], showing: Showing): Done {
  const [verb = "list", ...rest] = words;
  if ("list".startsWith(verb) || "show".startsWith(verb) || verb === "lst") return list(ns, rest, showing);
  if (verb === "get") return get(ns, rest);
  if ("flush".startsWith(verb) && verb !== "f") {
    if (rest.length === 0) return { problem: '"ip route flush" requires arguments', code: 1 };
    flushRoutes(ns, (row) => row.table === TABLE_MAIN && selects(ns, rest, row));
    return { out: "" };
  }
  const modes: Readonly<Record<string, RouteMode>> = {
    add: "add",
    append: "append",
    change: "change",
    chg: "change",
    prepend: "prepend",
    replace: "replace",
  };
  if (modes[verb]) return change(ns, rest, modes[verb], showing);
  if ("delete".startsWith(verb)) return remove(ns, rest);
  return { problem: `invalid argument '${verb}' to 'ip'`, code: 1 };
}

function list(ns: Namespace, words: readonly string[], { family }: Showing): Done {
  const rows = listRoutes(ns, family ?? 4).filter((row) => row.table === TABLE_MAIN && selects(ns, words, row));
  return { out: rows.map((row) => routeText(ns, row)).join("") };
}

/** Whether a route fits `dev eth0`, `10.0.0.0/8`, `root 10.0.0.0/8`. */
function selects(ns: Namespace, words: readonly string[], row: RouteRow): boolean {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "dev" || word === "oif") {
      const index = findLink(ns, words[++at] ?? "")?.index;
      if (!row.hops.some(({ link }) => link === index)) return false;
    } else if (word === "via") {
      const via = words[++at];
      if (!row.hops.some((hop) => hop.via === via)) return false;
    } else if (!["to", "root", "match", "exact", "table", "main", "all", "default", "proto", "kernel"].includes(word)) {
      const prefix = parsePrefix(word.includes("/") ? word : `${word}/32`);
      if (prefix && row.to !== word && row.to !== `${word}/32`) return false;
    }
  }
  return true;
}

export function routeText(ns: Namespace, row: RouteRow): string {
  const [hop] = row.hops;
  const type = row.type === "unicast" ? "" : `${row.type} `;
  const to = /^(?:0\.0\.0\.0|::)\/0$/.test(row.to) ? "default" : row.to.replace(/\/(?:32|128)$/, "");
  const link = hop && ns.links.get(hop.link);
  const parts = [`${type}${to} `];
  if (hop?.via !== undefined) parts.push(`via ${hop.via} `);
  if (link) parts.push(`dev ${link.name} `);
  if (row.family === 4 && row.scope !== "global" && row.hops.length > 0) parts.push(`scope ${row.scope} `);
  if (row.source !== undefined) parts.push(` src ${row.source} `);
  if (row.metric > 0) parts.push(` metric ${row.metric} `);
  return `${parts.join("")}\n`;
}

function get(ns: Namespace, words: readonly string[]): Done {
  const [to] = words.filter((word) => word !== "to");
  const destination = parseAddress(to?.replace(/\/\d+$/, "") ?? "");
  if (destination === undefined) return "usage";
  const found = getRoute(ns, { destination });
  if (typeof found === "string") return { problem: `RTNETLINK answers: ${strerror(found)}`, code: 2 };
  const { row, link, source } = found;
  const via = row.hops.find((hop) => hop.link === link.index)?.via;
  const local = row.type === "local" ? "local " : "";
  const from = source === undefined ? "" : ` src ${addressText(source)} `;
  return {
    out: `${local}${addressText(destination)} ${via === undefined ? "" : `via ${via} `}dev ${link.name} ${from}\n`,
  };
}

interface Read {
  readonly spec: RouteSpec;
  readonly device: string | undefined;
}

/** `10.9.0.0/16 via 10.244.1.1 dev eth0 metric 5`; a text says what is wrong. */
function read(ns: Namespace, words: readonly string[], showing: Showing): Read | string {
  let to: string | undefined;
  let type: RouteType | undefined;
  const named: { via?: string; dev?: string; metric?: string; src?: string; mtu?: string; scope?: string } = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (
      [
        "via",
        "dev",
        "oif",
        "metric",
        "priority",
        "preference",
        "src",
        "mtu",
        "scope",
        "proto",
        "protocol",
        "table",
        "advmss",
      ].includes(word)
    ) {
      const value = words[++at];
      if (value === undefined) return 'command line is not complete, try "help"';
      if (word === "oif") named.dev = value;
      else if (word === "priority" || word === "preference") named.metric = value;
      else if (word in { via: 1, dev: 1, metric: 1, src: 1, mtu: 1, scope: 1 })
        named[word as keyof typeof named] = value;
    } else if (["unreachable", "blackhole", "prohibit", "throw"].includes(word)) type = word as RouteType;
    else if (word !== "to") to = word;
  }
  if (to === undefined) return "need at least a destination address";
  const six = to.includes(":") || showing.family === 6;
  const plain =
    to === "default" || to === "any" ? (six ? "::/0" : "0.0.0.0/0") : to.includes("/") ? to : `${to}/${six ? 128 : 32}`;
  const prefix = parsePrefix(plain);
  if (!prefix) return `an ${six ? "inet6" : "inet"} prefix is expected rather than "${to}"`;
  if (named.dev !== undefined && !findLink(ns, named.dev)) return `can't find device '${named.dev}'`;
  const hop = {
    ...(named.via === undefined ? {} : { via: named.via }),
    ...(named.dev === undefined ? {} : { link: findLink(ns, named.dev)!.index }),
  };
  const text = `${addressText(prefix.address)}/${prefix.length}`;
  const spec: RouteSpec = {
    to: text,
    ...(type === undefined ? {} : { type }),
    ...(named.metric === undefined ? {} : { metric: Number(named.metric) }),
    ...(named.src === undefined ? {} : { source: named.src }),
    ...(type === undefined && Object.keys(hop).length > 0 ? { hops: [hop] } : {}),
  };
  return { spec, device: named.dev };
}

function change(ns: Namespace, words: readonly string[], mode: RouteMode, showing: Showing): Done {
  const given = read(ns, words, showing);
  if (typeof given === "string") return { problem: given, code: 1 };
  const done = addRoute(ns, given.spec, mode);
  return done.ok ? { out: "" } : { problem: `RTNETLINK answers: ${strerror(done.errno)}`, code: 2 };
}

function remove(ns: Namespace, words: readonly string[]): Done {
  const given = read(ns, words, { family: undefined, oneLine: false });
  if (typeof given === "string") return { problem: given, code: 1 };
  const { to, metric, type, hops } = given.spec;
  const [hop] = hops ?? [];
  const done = deleteRoute(ns, {
    to,
    ...(type === undefined ? {} : { type }),
    ...(metric === undefined ? {} : { metric }),
    ...(hop?.via === undefined ? {} : { via: hop.via }),
    ...(hop?.link === undefined ? {} : { link: hop.link }),
  });
  return done.ok ? { out: "" } : { problem: `RTNETLINK answers: ${strerror(done.errno)}`, code: 2 };
}
