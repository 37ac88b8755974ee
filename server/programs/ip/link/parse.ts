import { networkOfHosts, parseMac, type Mac, type Namespace } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
import { namespaceOfName } from "../netns/names.ts";
import { LINK_USAGE } from "../usage/link.ts";
import { duplicate, garbage, invalid, matches, readOnOff, readUnsigned, Words } from "../words.ts";

/** What `ip link add` and `ip link set` may be told of a link (ip/iplink.c: iplink_parse). */
export interface LinkWish {
  readonly device?: string;
  readonly name?: string;
  readonly index?: number;
  readonly link?: string;
  readonly up?: boolean;
  readonly address?: Mac;
  readonly mtu?: number;
  readonly txqlen?: number;
  readonly netns?: Namespace;
  readonly master?: number;
  readonly alias?: string;
  readonly group?: number;
  readonly arp?: boolean;
  readonly promisc?: boolean;
  readonly multicast?: boolean;
  readonly allmulticast?: boolean;
  readonly addressMode?: number;
  readonly broadcast?: Mac;
  readonly noTrailers?: boolean;
  readonly dynamic?: boolean;
  readonly dormant?: boolean;
  /** What the driver of every simulated kind says to something that was asked. */
  readonly refused?: string;
  readonly kind?: string;
  /** The words behind the kind. */
  readonly rest: readonly string[];
}

type Draft = { -readonly [K in keyof LinkWish]: LinkWish[K] };

const MODES = ["eui64", "none", "stable_secret", "random"];

/** In Linux, not here. */
const UNSIMULATED = [
  "xdp", "xdpgeneric", "xdpdrv", "xdpoffload", "vf", "state", "numtxqueues", "numrxqueues", "link-netnsid",
  "link-netns", "protodown_reason", "gso_max_size", "gso_max_segs", "gro_max_size", "parentdev",
]; // prettier-ignore

export function readLinkWish(call: IpCall, rest: readonly string[]): LinkWish {
  const words = new Words(rest);
  const wish: Draft = { rest: [] };
  for (; !words.done; words.step()) {
    if (words.word.length > 1 && matches(words.word, "type")) {
      wish.kind = words.next();
      words.step();
      wish.rest = words.rest;
      break;
    }
    readOne(call, words, wish);
  }
  return { ...wish, ...names(wish) };
}

/** One of `name` and `dev` stands for the other. */
function names({ name, device }: Draft): Pick<LinkWish, "name" | "device"> {
  const device_ = device ?? name;
  const name_ = name ?? device;
  return { ...(device_ === undefined ? {} : { device: device_ }), ...(name_ === undefined ? {} : { name: name_ }) };
}

function readOne(call: IpCall, words: Words, wish: Draft): void {
  const { word } = words;
  const once = (known: unknown, what: string): string => {
    const value = words.next();
    if (known !== undefined) throw duplicate(what, value);
    return value;
  };
  if (word === "up") wish.up = true;
  else if (word === "down") wish.up = false;
  else if (word === "name") {
    const name = once(wish.name, "name");
    if (!isName(name) || name.length > 15) throw invalid('"name" not a valid ifname', name);
    wish.name = name;
    wish.device ??= name;
  } else if (word === "index") {
    const index = readUnsigned(once(wish.index, "index"), 0x7fff_ffff) ?? 0;
    if (index <= 0) throw invalid('Invalid "index" value', words.word);
    wish.index = index;
  } else if (matches(word, "link")) wish.link = words.next();
  else if (matches(word, "address")) wish.address = readLinkAddress(words.next());
  else if (matches(word, "broadcast") || word === "brd") {
    wish.broadcast = readLinkAddress(words.next());
  } else if (word === "trailers") wish.noTrailers = !readOnOff("trailers", words.next());
  else if (word === "dynamic") wish.dynamic = readOnOff("dynamic", words.next());
  else if (word === "protodown") {
    readOnOff("protodown", words.next());
    wish.refused = "Error: Protodown not supported by device.\n";
  } else if (word === "carrier") {
    readOnOff("carrier", words.next());
    wish.refused = "RTNETLINK answers: Operation not supported\n";
  } else if (word === "mode") {
    const mode = words.next();
    if (mode !== "default" && mode !== "dormant") throw invalid("Invalid link mode\n", mode);
    wish.dormant = mode === "dormant";
  } else if (word === "vrf") throw invalid("Not a valid VRF name\n", words.next());
  else if (matches(word, "txqueuelen") || word === "qlen" || matches(word, "txqlen"))
    wish.txqlen = number(once(wish.txqlen, "txqueuelen"), "txqueuelen");
  else if (word === "mtu") wish.mtu = number(once(wish.mtu, "mtu"), "mtu");
  else if (word === "netns") wish.netns = readNamespace(call, once(wish.netns, "netns"));
  else if (word === "multicast") wish.multicast = readOnOff("multicast", words.next());
  else if (word === "allmulticast") wish.allmulticast = readOnOff("allmulticast", words.next());
  else if (word === "promisc") wish.promisc = readOnOff("promisc", words.next());
  else if (word === "arp") wish.arp = readOnOff("arp", words.next());
  else if (matches(word, "master")) {
    const master = call.findLink(words.next());
    if (!master) throw invalid("Device does not exist\n", words.word);
    wish.master = master.index;
  } else if (matches(word, "nomaster")) wish.master = 0;
  else if (matches(word, "alias")) wish.alias = words.next();
  else if (word === "group") {
    const group = call.names.groups.number(once(wish.group, "group"), 0x7fff_ffff);
    if (group === undefined) throw invalid('Invalid "group" value\n', words.word);
    wish.group = group;
  } else if (matches(word, "addrgenmode")) {
    const mode = MODES.indexOf(words.next());
    if (mode < 0) throw invalid("Invalid address generation mode\n", words.word);
    if (mode > 1) throw notSimulated("ip", `addrgenmode ${words.word}`);
    wish.addressMode = mode;
  } else {
    if (UNSIMULATED.includes(word)) throw notSimulated("ip", word);
    if (matches(word, "help")) throw new Exit(255, LINK_USAGE);
    if (word === "dev") words.next();
    if (wish.device !== wish.name || wish.device !== undefined) throw garbage("dev", words.word);
    if (!isName(words.word)) throw invalid('"dev" not a valid ifname', words.word);
    wish.device = words.word;
  }
}

/** check_altifname. */
function isName(name: string): boolean {
  return name !== "" && !/[/\s]/.test(name);
}

function number(word: string, what: string): number {
  const value = readUnsigned(word, 0x7fff_ffff);
  if (value === undefined) throw invalid(`Invalid "${what}" value\n`, word);
  return value;
}

/** Hexadecimal numbers between colons; each is read as far as it is one (lib/ll_addr.c: ll_addr_a2n). */
export function readLinkAddress(word: string): Mac {
  const bytes: string[] = [];
  for (const part of word.split(":")) {
    const digits = /^[0-9a-fA-F]+/.exec(part)?.[0];
    if (digits === undefined || Number.parseInt(digits, 16) > 255) throw new Exit(1, `"${part}" is invalid lladdr.\n`);
    bytes.push(digits);
  }
  return parseMac(bytes.map((digits) => Number.parseInt(digits, 16).toString(16)).join(":")) ?? bytes.join(":");
}

/** A named namespace, the one behind a file, or that of a process (lib/namespace.c: netns_get_fd). */
function readNamespace(call: IpCall, word: string): Namespace {
  const named = namespaceOfName(call.process, word);
  if (named) return named;
  if (!/^\d+$/.test(word)) throw invalid('Invalid "netns" value\n', word);
  const { host } = call.process;
  const row = host.processByPid(Number(word));
  const id = row && (row.netns ?? host.hosts.host(row.host)?.netns);
  if (id === undefined) throw new Exit(2, "RTNETLINK answers: No such process\n");
  return networkOfHosts(host.hosts).namespace(id);
}
