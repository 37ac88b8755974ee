import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
import { NETNS_USAGE } from "../usage/others.ts";
import { invalid, matches, readUnsigned, Words } from "../words.ts";
import { execInAll, execInNamespace } from "./exec.ts";
import { addNamed, attachNamed, deleteNamed } from "./modify.ts";
import { namesOf } from "./names.ts";

/** `ip netns` (ip/ipnetns.c: do_netns). */
export async function netns(call: IpCall, words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words;
  if (verb === undefined) return list(call);
  if (verb !== "list-id" && matches(verb, "list")) return list(call);
  if (matches(verb, "show") || matches(verb, "lst")) return list(call);
  if (verb === "list-id") return listIds(call, rest);
  if (matches(verb, "help")) throw new Exit(255, NETNS_USAGE);
  if (matches(verb, "add")) return addNamed(call, rest);
  if (matches(verb, "set")) return setId(call, rest);
  if (matches(verb, "delete")) return deleteNamed(call, rest);
  if (matches(verb, "identify")) return identify(call, rest);
  if (matches(verb, "pids")) return pids(call, rest);
  if (matches(verb, "exec")) return call.options.all ? execInAll(call, rest) : execInNamespace(call, rest);
  if (matches(verb, "monitor")) throw notSimulated("ip", "netns monitor");
  if (matches(verb, "attach")) return attachNamed(call, rest);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip netns help".\n`);
}

function list(call: IpCall): number {
  const { printer, ns } = call;
  printer.openList();
  for (const named of namesOf(call)) {
    const { name } = named.row;
    const id = ns.row.peerIds[named.id];
    printer.openObject();
    printer.fact("name", name!, name!);
    if (id !== undefined) printer.fact("id", ` (id: ${id})`, id);
    printer.text("\n");
    printer.closeObject();
  }
  printer.closeList();
  return 0;
}

/** The numbers under which this namespace knows others. */
function listIds(call: IpCall, rest: readonly string[]): number {
  const { printer, ns } = call;
  const wish = readIds(rest);
  // Those that another namespace knows, which this one knows by that number.
  const other = wish.target === undefined ? ns.id : idOf(call, wish.target);
  const peers = ns.network.find(other)?.row.peerIds ?? {};
  const known = Object.entries(peers).sort(([, a], [, b]) => a - b);
  const shown = wish.nsid === undefined ? known : known.filter(([, id]) => id === wish.nsid);
  if (wish.nsid !== undefined && shown.length === 0) throw new Exit(2, "Error: Peer netns reference is invalid.\n");
  printer.openList();
  for (const [peer, id] of shown) {
    const name = ns.network.find(peer)?.row.name;
    printer.openObject();
    printer.fact("nsid", `nsid ${id} `, id);
    if (name !== undefined) printer.fact("name", `(iproute2 netns name: ${name})`, name);
    printer.text("\n");
    printer.closeObject();
  }
  printer.closeList();
  return 0;
}

/** `[target-nsid N] [nsid N]` (netns_list_id). */
function readIds(rest: readonly string[]): { readonly target?: number; readonly nsid?: number } {
  const words = new Words(rest);
  const wish: { target?: number; nsid?: number } = {};
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word !== "target-nsid" && word !== "nsid") throw new Exit(255, NETNS_USAGE);
    const id = readUnsigned(words.next(), 0x7fff_ffff);
    if (id === undefined) throw invalid(`"${word}" value is invalid`, words.word);
    if (word === "nsid") wish.nsid = id;
    else wish.target = id;
  }
  return wish;
}

function idOf({ ns }: IpCall, id: number): string {
  const found = Object.entries(ns.row.peerIds).find(([, known]) => known === id);
  if (!found) throw new Exit(2, "Error: Target netns reference is invalid.\n");
  return found[0];
}

/** `ip netns set NAME ID`. */
function setId(call: IpCall, [name, word]: readonly string[]): number {
  if (name === undefined) throw new Exit(1, "No netns name specified\n");
  if (word === undefined) throw new Exit(1, "No nsid specified\n");
  const { ns } = call;
  const auto = word === "auto";
  if (/^-\d+$/.test(word)) throw invalid('"netnsid" value should be >= 0', word);
  if (!auto && !/^\d+$/.test(word)) throw invalid('Invalid "netnsid" value', word);
  const named = call.namedNamespace(name);
  if (!named) throw new Exit(1, `Cannot open network namespace "${name}": No such file or directory\n`);
  call.requireAdmin();
  const { row } = ns;
  if (row.peerIds[named.id] !== undefined) throw new Exit(2, "Error: Peer netns already has a nsid assigned.\n");
  const taken = new Set(Object.values(row.peerIds));
  let id = Number(word);
  if (auto) for (id = 0; taken.has(id);) id++;
  else if (taken.has(id)) throw new Exit(2, "Error: The specified nsid is already used.\n");
  ns.network.namespaces.set(ns.id, { ...row, peerIds: { ...row.peerIds, [named.id]: id } });
  return 0;
}

/** The name of the namespace that a process is in; an empty line if it has none. */
function identify(call: IpCall, [word, more]: readonly string[]): number {
  const { process } = call;
  if (more !== undefined) throw new Exit(1, "extra arguments specified\n");
  let id: string | undefined = call.ns.id;
  if (word !== undefined) {
    if (!/^\d+$/.test(word)) throw new Exit(1, `Specified string '${word}' is not a pid\n`);
    const row = process.host.processByPid(Number(word));
    if (!row) throw new Exit(1, `Cannot open network namespace: No such file or directory\n`);
    id = row.netns ?? process.host.hosts.host(row.host)?.netns;
  }
  const names = namesOf(call).filter((named) => named.id === id);
  if (names.length === 0) call.printer.text("\n");
  for (const named of names) call.printer.text(`${named.row.name!}\n`);
  return 0;
}

function pids(call: IpCall, [name, more]: readonly string[]): number {
  if (more !== undefined) throw new Exit(1, "extra arguments specified\n");
  if (name === undefined) throw new Exit(1, "No netns name specified\n");
  const named = call.namedNamespace(name);
  if (!named) throw new Exit(1, `Cannot open network namespace: No such file or directory\n`);
  const { host, machine } = call.process;
  for (const row of machine.processes()) {
    if (row.state === "zombie") continue;
    if ((row.netns ?? host.hosts.host(row.host)?.netns) === named.id) call.printer.text(`${host.pidOf(row)}\n`);
  }
  return 0;
}
