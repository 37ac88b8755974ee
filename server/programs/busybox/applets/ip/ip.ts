import { mayAdminNetwork } from "../../../ip/permission.ts";
import {
  addAddress,
  defaultBroadcast,
  findLink,
  namespaceOf,
  parsePrefix,
  deleteNeighbour,
  removeAddress,
  rulesOf,
  showNeighbours,
  type AddressScope,
  type Namespace,
} from "../../../../sim/net/index.ts";
import type { Applet, AppletCall } from "../../applet.ts";
import { ipLink, outcome } from "./link.ts";
import { ipRoute, type Done } from "./route.ts";
import { showAddresses, type Showing } from "./show.ts";

const USAGE = `[OPTIONS] address|route|link|tunnel|neigh|rule [ARGS]

OPTIONS := -f[amily] inet|inet6|link | -o[neline]

ip addr add|del IFADDR dev IFACE | show|flush [dev IFACE] [to PREFIX]
ip route list|flush|add|del|change|append|replace|test ROUTE
ip link set IFACE [up|down] [arp on|off] [multicast on|off]
	[promisc on|off] [mtu NUM] [name NAME] [qlen NUM] [address MAC]
	[master IFACE | nomaster] [netns PID]
ip tunnel add|change|del|show [NAME]
	[mode ipip|gre|sit] [remote ADDR] [local ADDR] [ttl TTL]
ip neigh show|flush [to PREFIX] [dev DEV] [nud STATE]
ip rule [list] | add|del SELECTOR ACTION`;

/** busybox's ip: a subset of iproute2's with an output of its own (networking/ip.c, libiproute). */
export const ip: Applet = {
  options: "",
  split: (args) => ({ options: [], rest: args }),
  usage: () => USAGE,
  run,
};

/** `ipaddr`, `iplink`, `iproute`…: the same with the object in the name. */
export function ipObject(object: string): Applet {
  return { ...ip, run: (call, words) => run(call, [object, ...words]) };
}

async function run(call: AppletCall, words: readonly string[]): Promise<number> {
  let family: Showing["family"];
  let oneLine = false;
  let at = 0;
  for (; words[at]?.startsWith("-"); at++) {
    const word = words[at]!.replace(/^--/, "-");
    if (word === "-4") family = 4;
    else if (word === "-6") family = 6;
    else if (word === "-0") family = undefined;
    else if (word.length > 1 && "-oneline".startsWith(word)) oneLine = true;
    else if (word.length > 1 && "-family".startsWith(word))
      family = words[++at] === "inet6" ? 6 : words[at] === "inet" ? 4 : undefined;
    else return call.usage();
  }
  const [object, ...rest] = words.slice(at);
  const ns = namespaceOf(call.process);
  const showing = { family, oneLine };
  const done = object === undefined ? "usage" : dispatch(call, ns, object, rest, showing);
  if (done === "usage") return call.usage();
  if ("out" in done) {
    await call.process.print(done.out);
    return 0;
  }
  if (done.code !== 64) return call.die(done.problem, done.code);
  await call.process.error(`drydock: ip: ${done.problem}\n`);
  return 64;
}

/** Without NET_ADMIN only what shows something is allowed; `link set` asks by ioctl, the rest by netlink. */
function refusal(object: string, verb = "show"): Done | undefined {
  if (["show", "list", "lst", "get"].some((reading) => reading.startsWith(verb))) return undefined;
  if ("link".startsWith(object) && "set".startsWith(verb))
    return { problem: "ioctl 0x8914 failed: Operation not permitted", code: 1 };
  return { problem: "RTNETLINK answers: Operation not permitted", code: 2 };
}

function dispatch(call: AppletCall, ns: Namespace, object: string, rest: readonly string[], showing: Showing): Done {
  const refused = mayAdminNetwork(call.process) ? undefined : refusal(object, rest[0]);
  if (refused) return refused;
  if ("address".startsWith(object)) return address(ns, rest, showing);
  if ("link".startsWith(object)) return ipLink(call.process, ns, rest, showing);
  if ("route".startsWith(object)) return ipRoute(ns, rest, showing);
  if ("neighbor".startsWith(object) || "neighbour".startsWith(object) || object === "n") return neighbours(ns, rest);
  if ("rule".startsWith(object)) return rules(ns, rest, showing);
  if ("tunnel".startsWith(object)) return { problem: "'tunnel' is not simulated", code: 64 };
  return "usage";
}

function address(ns: Namespace, words: readonly string[], showing: Showing): Done {
  const [verb = "show", ...rest] = words;
  const at = (name: string): string | undefined => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
  if ("show".startsWith(verb) || "list".startsWith(verb) || verb === "lst") {
    const name =
      at("dev") ??
      rest.find(
        (word, place) =>
          !["dev", "to", "scope", "label", "up"].includes(word) &&
          !["to", "scope", "label"].includes(rest[place - 1] ?? ""),
      );
    if (name !== undefined && !findLink(ns, name)) return { problem: `can't find device '${name}'`, code: 1 };
    return { out: showAddresses(ns, showing, name) };
  }
  const device = at("dev");
  if ("flush".startsWith(verb)) {
    const link = device === undefined ? undefined : findLink(ns, device);
    if (!link)
      return { problem: device === undefined ? "flush requires arguments" : `can't find device '${device}'`, code: 1 };
    for (const row of ns.addresses.get(link.index) ?? [])
      if (showing.family === undefined || row.family === showing.family)
        removeAddress(ns, link, { local: row.local, length: row.length });
    return { out: "" };
  }
  const adds = "add".startsWith(verb);
  if (!adds && !"delete".startsWith(verb)) return { problem: `invalid argument '${verb}' to 'ip'`, code: 1 };
  const text = at("local") ?? rest[0];
  const prefix = parsePrefix(
    text === undefined || text.includes("/") ? (text ?? "") : `${text}/${text.includes(":") ? 128 : 32}`,
  );
  if (!prefix) return { problem: `an inet prefix is expected rather than "${text ?? ""}"`, code: 1 };
  if (device === undefined) return { problem: '"dev" argument is required', code: 1 };
  const link = findLink(ns, device);
  if (!link) return { problem: `can't find device '${device}'`, code: 1 };
  const local = text!.replace(/\/.*/, "");
  if (!adds) return outcome(removeAddress(ns, link, { local, length: prefix.length }));
  const broadcast = at("broadcast") ?? at("brd");
  const scope = at("scope");
  return outcome(
    addAddress(ns, link, {
      local,
      length: prefix.length,
      ...(broadcast === undefined
        ? {}
        : { broadcast: broadcast === "+" ? defaultBroadcast(local, prefix.length) : broadcast }),
      ...(scope === undefined ? {} : { scope: scope as AddressScope }),
      ...(at("label") === undefined ? {} : { label: at("label")! }),
    }),
  );
}

/** Neighbours that are worth showing: without those that need none. */
function neighbours(ns: Namespace, words: readonly string[]): Done {
  const [verb = "show", ...rest] = words;
  const at = (name: string): string | undefined => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
  const device = at("dev");
  const index = device === undefined ? undefined : findLink(ns, device)?.index;
  if (device !== undefined && index === undefined) return { problem: `can't find device '${device}'`, code: 1 };
  const shown = showNeighbours(ns).filter(
    ({ row, state }) => (index === undefined || row.link === index) && state !== "NOARP",
  );
  if ("flush".startsWith(verb) && verb !== "show") {
    for (const { row } of shown) if (row.kind !== "permanent") deleteNeighbour(ns, row);
    return { out: "" };
  }
  if (!"show".startsWith(verb) && !"list".startsWith(verb))
    return { problem: `invalid argument '${verb}' to 'ip'`, code: 1 };
  return {
    out: shown
      .map(({ row, state }) => {
        const lladdr = row.lladdr === undefined ? "" : ` lladdr ${row.lladdr}`;
        const reference = state === "REACHABLE" ? " ref 1" : "";
        const age = Math.floor((ns.kernel.now - Math.max(row.confirmed, row.used ?? 0)) / 1_000_000);
        const used = state === "PERMANENT" ? "" : ` used ${age}/${age}/${age} probes ${state === "FAILED" ? 6 : 4}`;
        return `${row.address} dev ${ns.links.get(row.link)?.name ?? ""}${lladdr}${reference}${used} ${state}\n`;
      })
      .join(""),
  };
}

function rules(ns: Namespace, words: readonly string[], { family }: Showing): Done {
  const [verb = "list"] = words;
  if (!"list".startsWith(verb) && !"show".startsWith(verb))
    return { problem: `'rule ${verb}' is not simulated`, code: 64 };
  const names: Readonly<Record<number, string>> = { 255: "local", 254: "main", 253: "default" };
  const lines = rulesOf(ns, family ?? 4).map((rule) => {
    const action =
      typeof rule.action === "object" && "table" in rule.action
        ? `lookup ${names[rule.action.table] ?? rule.action.table}`
        : JSON.stringify(rule.action);
    return `${rule.priority}:\tfrom ${rule.from ?? "all"} ${rule.to === undefined ? "" : `to ${rule.to} `}${action} \n`;
  });
  return { out: lines.join("") };
}
