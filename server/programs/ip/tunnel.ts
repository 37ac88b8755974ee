import { addressText, createLink, deleteLink, type IpipLink } from "../../sim/net/index.ts";
import type { IpCall } from "./call.ts";
import { Exit, notSimulated, talk } from "./exit.ts";
import { mustBeAddress } from "./prefix.ts";
import { OBJECT_USAGES } from "./usage/objects.ts";
import { garbage, invalid, matches, readUnsigned, Words } from "./words.ts";

/** `ip tunnel` (ip/iptunnel.c): tunnels of IPv4 in IPv4; other modes are not simulated. */
export function tunnel(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (call.family === 6) throw notSimulated("ip", "-6 tunnel");
  if (verb === undefined) return show(call, []);
  if (matches(verb, "add")) return add(call, rest);
  if (matches(verb, "delete")) return remove(call, rest);
  if (matches(verb, "show") || matches(verb, "lst") || matches(verb, "list")) return show(call, rest);
  if (matches(verb, "help")) throw new Exit(255, OBJECT_USAGES["tunnel"]);
  for (const other of ["change", "prl", "6rd"]) if (matches(verb, other)) throw notSimulated("ip", `tunnel ${other}`);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip tunnel help".\n`);
}

interface Wish {
  readonly name?: string;
  readonly mode?: string;
  readonly local?: string;
  readonly remote?: string;
  readonly dev?: number;
  readonly ttl?: number;
  readonly pmtudisc?: boolean;
}

const MODES = ["ipip", "gre", "sit", "isatap", "vti"];

function read(call: IpCall, rest: readonly string[]): Wish {
  const words = new Words(rest);
  const wish: { -readonly [K in keyof Wish]: Wish[K] } = {};
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "mode") {
      const mode = words.next();
      const known = mode === "ip/ip" || mode === "ipip" ? "ipip" : MODES.find((one) => one === mode);
      if (known === undefined) throw new Exit(255, `Unknown tunnel mode "${mode}"\n`);
      wish.mode = known;
    } else if (word === "remote" || word === "local") {
      const value = words.next();
      if (value !== "any") wish[word] = addressText(mustBeAddress(value, 4));
    } else if (word === "dev") wish.dev = call.mustFindLink(words.next()).index;
    else if (word === "ttl" || word === "hoplimit" || word === "hlim") {
      const value = words.next();
      const ttl = value === "inherit" ? 0 : readUnsigned(value, 255);
      if (ttl === undefined) throw invalid("invalid TTL\n", value);
      wish.ttl = ttl;
    } else if (word === "pmtudisc" || word === "nopmtudisc") wish.pmtudisc = word === "pmtudisc";
    else if (/^([io]?(key|seq|csum)|tos|dsfield|tclass|prl-|6rd-)/.test(word))
      throw notSimulated("ip", `tunnel ${word}`);
    else {
      if (word === "name") words.next();
      else if (matches(word, "help")) throw new Exit(255, OBJECT_USAGES["tunnel"]);
      if (wish.name !== undefined) throw garbage("name", words.word);
      wish.name = words.word;
    }
  }
  return wish;
}

function add(call: IpCall, rest: readonly string[]): number {
  const { mode, ...wish } = read(call, rest);
  if (mode === undefined) throw new Exit(1, "cannot determine tunnel mode (ipip, gre, vti or sit)\n");
  if (mode !== "ipip") throw notSimulated("ip", `tunnel mode ${mode}`);
  call.requireAdmin();
  talk(createLink(call.ns, { kind: "ipip", ...wish }));
  return 0;
}

function remove(call: IpCall, rest: readonly string[]): number {
  const { name = "" } = read(call, rest);
  const found = call.findLink(name);
  if (found?.kind !== "ipip") throw new Exit(1, `delete tunnel "${name}" failed: No such device\n`);
  call.requireAdmin();
  talk(deleteLink(call.ns, found.index));
  return 0;
}

function show(call: IpCall, rest: readonly string[]): number {
  const { name } = read(call, rest);
  for (const link of call.links())
    if (link.kind === "ipip" && (name === undefined || link.name === name)) print(call, link);
  return 0;
}

function print(call: IpCall, { name, remote = "any", local = "any", dev, ttl, pmtudisc }: IpipLink): void {
  const device = dev === undefined ? "" : ` dev ${call.linkName(dev)}`;
  const rest = `${device} ttl ${ttl === 0 ? "inherit" : ttl}${pmtudisc ? "" : " nopmtudisc"}`;
  call.printer.text(`${name}: ip/ip remote ${remote} local ${local}${rest}\n`);
}
