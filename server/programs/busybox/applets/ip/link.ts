import { strerror } from "../../../../sim/host/index.ts";
import {
  bringDown,
  bringUp,
  createLink,
  deleteLink,
  findLink,
  listLinks,
  namespaceOf,
  moveLink,
  parseMac,
  renameLink,
  setAddress,
  setMaster,
  setMtu,
  type LinkSpec,
  type Namespace,
  type Result,
} from "../../../../sim/net/index.ts";
import type { Process } from "../../../../sim/host/index.ts";
import type { Done } from "./route.ts";
import { linkText, type Showing } from "./show.ts";

/** networking/libiproute/iplink.c do_iplink */
export function ipLink(process: Process, ns: Namespace, words: readonly string[], { oneLine }: Showing): Done {
  const [verb = "show", ...rest] = words;
  if ("show".startsWith(verb) || "list".startsWith(verb) || verb === "lst") {
    const name = rest[0] === "dev" ? rest[1] : rest[0];
    if (name === undefined)
      return {
        out: listLinks(ns)
          .map((link) => linkText(ns, link, true, oneLine))
          .join(""),
      };
    const link = findLink(ns, name);
    return link ? { out: linkText(ns, link, true, oneLine) } : { problem: `can't find device '${name}'`, code: 2 };
  }
  if ("set".startsWith(verb)) return set(process, ns, rest);
  if (verb === "add") return add(ns, rest);
  if ("delete".startsWith(verb)) {
    const name = rest.find((word) => word !== "dev" && word !== "type");
    const link = name === undefined ? undefined : findLink(ns, name);
    return link ? outcome(deleteLink(ns, link.index)) : { problem: `can't find device '${name ?? ""}'`, code: 2 };
  }
  return { problem: `invalid argument '${verb}' to 'ip link'`, code: 1 };
}

export function outcome(result: Result<unknown>): Done {
  if (result.ok) return { out: "" };
  if (result.unsimulated !== undefined) return { problem: `'${result.unsimulated}' is not simulated`, code: 64 };
  return { problem: `RTNETLINK answers: ${strerror(result.errno)}`, code: 2 };
}

function set(process: Process, ns: Namespace, words: readonly string[]): Done {
  const [name, ...rest] = words[0] === "dev" ? words.slice(1) : words;
  if (name === undefined) return { problem: '"dev" argument is required', code: 1 };
  for (let at = 0; at < rest.length; at++) {
    const link = findLink(ns, name);
    if (!link) return { problem: "SIOCGIFFLAGS: No such device", code: 1 };
    const word = rest[at]!;
    const value = rest[at + 1];
    const done = change(process, ns, link.index, word, value);
    if (done === undefined) return { problem: `invalid argument '${word}' to 'ip link'`, code: 1 };
    if (!("out" in (done as object))) return done;
    if (!["up", "down", "nomaster"].includes(word)) at++;
  }
  return findLink(ns, name) || rest.length > 0 ? { out: "" } : { problem: "SIOCGIFFLAGS: No such device", code: 1 };
}

function change(
  process: Process,
  ns: Namespace,
  index: number,
  word: string,
  value: string | undefined,
): Done | undefined {
  switch (word) {
    case "up":
      return outcome(bringUp(ns, index));
    case "down":
      bringDown(ns, index);
      return { out: "" };
    case "nomaster":
      return outcome(setMaster(ns, index, undefined));
  }
  if (value === undefined) return { problem: 'command line is not complete, try "help"', code: 1 };
  switch (word) {
    case "mtu":
      return outcome(setMtu(ns, index, Number(value)));
    case "name":
      return outcome(renameLink(ns, index, value));
    case "address": {
      const mac = parseMac(value);
      return mac === undefined ? { problem: `invalid hw-addr ${value}`, code: 1 } : outcome(setAddress(ns, index, mac));
    }
    case "master": {
      const master = findLink(ns, value);
      return master
        ? outcome(setMaster(ns, index, master.index))
        : { problem: `can't find device '${value}'`, code: 1 };
    }
    case "netns": {
      const target = process.host.processByPid(Number(value));
      const host = target && process.host.hosts.host(target.host);
      return host
        ? outcome(moveLink(ns, index, namespaceOf({ host, row: target })))
        : { problem: `RTNETLINK answers: No such process`, code: 2 };
    }
    default:
      return undefined;
  }
}

function add(ns: Namespace, words: readonly string[]): Done {
  const at = (name: string): string | undefined => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const type = at("type");
  const own = words.slice(0, Math.max(words.indexOf("type"), 0));
  const name =
    at("name") ??
    own.find(
      (word, place) =>
        !["name", "link", "address", "dev"].includes(word) && !["link", "address"].includes(own[place - 1] ?? ""),
    );
  if (type === undefined) return { problem: '"type" argument is required', code: 1 };
  const common = name === undefined ? {} : { name };
  let spec: LinkSpec;
  if (type === "bridge" || type === "dummy") spec = { ...common, kind: type };
  else if (type === "veth") {
    const peer = words.slice(words.indexOf("peer") + 1);
    const peerName = peer[0] === "name" ? peer[1] : peer[0];
    spec = {
      ...common,
      kind: "veth",
      ...(words.includes("peer") && peerName !== undefined ? { peer: { name: peerName } } : {}),
    };
  } else return { problem: `'${type}' is not simulated`, code: 64 };
  return outcome(createLink(ns, spec));
}
