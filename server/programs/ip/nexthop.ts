import {
  addressText,
  deleteNexthop,
  putNexthop,
  type LinkRow,
  type NextHop,
  type NexthopRow,
  type NexthopSpec,
} from "../../sim/net/index.ts";
import { strerror } from "../../sim/host/index.ts";
import type { IpCall } from "./call.ts";
import { Exit, notSimulated, talk } from "./exit.ts";
import { mustBeAddress, type Family } from "./prefix.ts";
import { printNexthop } from "./route/print-nexthop.ts";
import { OBJECT_USAGES } from "./usage/objects.ts";
import { invalid, matches, readUnsigned, Words } from "./words.ts";

/** `ip nexthop` (ip/ipnexthop.c: do_ipnh). */
export function nexthop(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined) return list(call, []);
  if (matches(verb, "add")) return put(call, rest, false);
  if (matches(verb, "replace")) return put(call, rest, true);
  if (matches(verb, "delete")) return remove(call, rest);
  if (matches(verb, "list") || matches(verb, "show") || matches(verb, "lst")) return list(call, rest);
  if (matches(verb, "get")) return get(call, rest);
  if (matches(verb, "flush")) return flush(call, rest);
  if (matches(verb, "bucket")) {
    // Only resilient groups have buckets.
    if (rest.length > 0) throw notSimulated("ip", "nexthop bucket");
    return 0;
  }
  if (matches(verb, "help")) throw usage();
  throw new Exit(255, `Command "${verb}" is unknown, try "ip nexthop help".\n`);
}

function usage(): Exit {
  return new Exit(255, OBJECT_USAGES["nexthop"]);
}

function readId(words: Words): number {
  const id = readUnsigned(words.next());
  if (id === undefined) throw invalid("invalid id value", words.word);
  return id;
}

function readDevice(call: IpCall, words: Words): LinkRow {
  const link = call.findLink(words.next());
  if (!link) throw invalid("Device does not exist\n", words.word);
  return link;
}

function put(call: IpCall, rest: readonly string[], replace: boolean): number {
  const words = new Words(rest);
  const spec: { -readonly [K in keyof NexthopSpec]: NexthopSpec[K] } = {};
  const hop: { -readonly [K in keyof NextHop]?: NextHop[K] } = {};
  if (call.family !== undefined) spec.family = call.family;
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "id") spec.id = readId(words);
    else if (word === "dev") hop.link = readDevice(call, words).index;
    else if (word === "via") [spec.family, hop.via] = readGateway(words, spec.family);
    else if (word === "blackhole") spec.blackhole = true;
    else if (word === "onlink") hop.onlink = true;
    else if (word === "group") spec.group = readGroup(words.next());
    else if (matches(word, "protocol")) {
      const protocol = call.names.protocols.number(words.next(), 255);
      if (protocol === undefined) throw invalid('"protocol" value is invalid\n', words.word);
      spec.protocol = call.names.protocols.name(protocol);
    } else if (word === "encap" || word === "fdb" || word === "type") throw notSimulated("ip", `nexthop ${word}`);
    else if (word === "help") throw usage();
    else throw invalid("", word);
  }
  call.requireAdmin();
  talk(putNexthop(call.ns, { ...spec, ...(Object.keys(hop).length > 0 ? { hop } : {}) }, replace));
  return 0;
}

function readGateway(words: Words, given: Family | undefined): [Family, string] {
  let family = given;
  if (words.next() === "inet" || words.word === "inet6") {
    family = words.word === "inet" ? 4 : 6;
    words.next();
  }
  const gateway = mustBeAddress(words.word, family);
  return [typeof gateway === "number" ? 4 : 6, addressText(gateway)];
}

/** `1,3/2`: numbers, each with its weight (add_nh_group_attr). */
function readGroup(text: string): { id: number; weight: number }[] {
  return text.split("/").map((member) => {
    const [id, weight = "1"] = member.split(",");
    const [number, share] = [readUnsigned(id!), readUnsigned(weight, 256)];
    if (number === undefined || share === undefined || share === 0) throw invalid('"group" value is invalid\n', text);
    return { id: number, weight: share };
  });
}

function remove(call: IpCall, rest: readonly string[]): number {
  const words = new Words(rest);
  let id: number | undefined;
  for (; !words.done; words.step()) {
    if (words.word !== "id") throw invalid("", words.word);
    id = readId(words);
  }
  call.requireAdmin();
  if (id === undefined) throw new Exit(2, "Error: Nexthop id is missing.\n");
  talk(deleteNexthop(call.ns, id));
  return 0;
}

function get(call: IpCall, rest: readonly string[]): number {
  const words = new Words(rest);
  let id: number | undefined;
  for (; !words.done; words.step()) {
    if (words.word !== "id") throw usage();
    id = readId(words);
  }
  if (id === undefined) throw usage();
  const row = call.ns.nexthops.get(id);
  if (!row) throw new Exit(2, `RTNETLINK answers: ${strerror("ENOENT")}\n`);
  call.printer.openList();
  print(call, row);
  call.printer.closeList();
  return 0;
}

function select(call: IpCall, rest: readonly string[]): NexthopRow[] {
  const words = new Words(rest);
  let { family } = call;
  let [link, id, protocol]: (number | undefined)[] = [];
  let groups = false;
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "dev") link = readDevice(call, words).index;
    else if (word === "groups") groups = true;
    else if (word === "id") id = readId(words);
    else if (matches(word, "protocol")) {
      protocol = readUnsigned(words.next());
      if (protocol === undefined) throw invalid("invalid protocol value", words.word);
    } else if (word === "fdb") family = 6;
    else if (word === "master" || word === "vrf") throw notSimulated("ip", `nexthop list ${word}`);
    else if (matches(word, "help")) throw usage();
    else throw invalid("", word);
  }
  const rows = [...call.ns.nexthops.values()].sort((a, b) => a.id - b.id);
  return rows.filter(
    (row) =>
      (family === undefined || row.family === family) &&
      (link === undefined || row.hop?.link === link) &&
      (id === undefined || row.id === id) &&
      (protocol === undefined || call.names.protocols.number(row.protocol, 255) === protocol) &&
      (!groups || row.group !== undefined),
  );
}

function list(call: IpCall, rest: readonly string[]): number {
  const rows = select(call, rest);
  call.printer.openList();
  for (const row of rows) print(call, row);
  call.printer.closeList();
  return 0;
}

function flush(call: IpCall, rest: readonly string[]): number {
  const rows = select(call, rest);
  call.requireAdmin();
  for (const { id } of rows) if (call.ns.nexthops.has(id)) talk(deleteNexthop(call.ns, id));
  if (rows.length > 0) call.printer.text(`Flushed ${rows.length} nexthops\n`);
  else if (call.options.stats > 0) call.printer.text("Nothing to flush\n");
  return 0;
}

/** One object (print_nexthop). */
function print(call: IpCall, row: NexthopRow): void {
  const { printer } = call;
  printer.openObject();
  printNexthop(call, row);
  printer.text("\n");
  printer.closeObject();
}
