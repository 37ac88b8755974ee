import { createLink, deleteLink, type TunLink } from "../../sim/net/index.ts";
import type { IpCall } from "./call.ts";
import { Exit, talk } from "./exit.ts";
import { OBJECT_USAGES } from "./usage/objects.ts";
import { garbage, invalid, matches, readUnsigned, Words } from "./words.ts";

interface Wish {
  readonly name?: string;
  readonly mode?: TunLink["mode"];
  readonly packetInformation: boolean;
  readonly vnetHeader: boolean;
  readonly multiQueue: boolean;
  readonly user?: number;
  readonly group?: number;
}

/** `ip tuntap` (ip/iptuntap.c: do_iptuntap). */
export function tuntap(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined) return show(call);
  if (matches(verb, "add")) return add(call, read(call, rest));
  if (matches(verb, "delete")) return remove(call, read(call, rest));
  if (matches(verb, "show") || matches(verb, "lst") || matches(verb, "list")) return show(call);
  if (matches(verb, "help")) throw new Exit(255, OBJECT_USAGES["tuntap"]);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip tuntap help".\n`);
}

function read(call: IpCall, rest: readonly string[]): Wish {
  const words = new Words(rest);
  const wish: { -readonly [K in keyof Wish]: Wish[K] } = {
    packetInformation: false,
    vnetHeader: false,
    multiQueue: false,
  };
  const owner = (entries: readonly { readonly name: string; readonly id: number }[], word: string): number => {
    const id = readUnsigned(word) ?? entries.find((one) => one.name === word)?.id;
    if (id === undefined) throw new Exit(255, `invalid user "${word}"\n`);
    return id;
  };
  const { users } = call.process.host;
  for (; !words.done; words.step()) {
    const { word } = words;
    if (matches(word, "mode")) {
      const mode = words.next();
      if (matches(mode, "tun")) wish.mode = "tun";
      else if (matches(mode, "tap")) wish.mode = "tap";
      else throw new Exit(255, `Unknown tunnel mode "${mode}"\n`);
    } else if (matches(word, "user"))
      wish.user = owner(
        users.all().map(({ name, uid }) => ({ name, id: uid })),
        words.next(),
      );
    else if (matches(word, "group"))
      wish.group = owner(
        users.groups().map(({ name, gid }) => ({ name, id: gid })),
        words.next(),
      );
    else if (matches(word, "pi")) wish.packetInformation = true;
    else if (matches(word, "one_queue")) continue;
    else if (matches(word, "vnet_hdr")) wish.vnetHeader = true;
    else if (matches(word, "multi_queue")) wish.multiQueue = true;
    else {
      if (matches(word, "dev")) words.next();
      if (matches(words.word, "help")) throw new Exit(255, OBJECT_USAGES["tuntap"]);
      if (wish.name !== undefined) throw garbage("dev", words.word);
      if (words.word === "" || words.word.length > 15 || /[/\s]/.test(words.word))
        throw invalid('"name" not a valid ifname', words.word);
      wish.name = words.word;
    }
  }
  return wish;
}

function withMode(wish: Wish): Wish & { readonly mode: TunLink["mode"] } {
  if (wish.mode === undefined) throw new Exit(1, "You failed to specify a tunnel mode\n");
  return { ...wish, mode: wish.mode };
}

/** TUNSETIFF on a link that is there attaches to it; a persistent one that was made so is busy. */
function add(call: IpCall, given: Wish): number {
  const { name, ...wish } = withMode(given);
  call.requireAdmin();
  const known = name === undefined ? undefined : call.findLink(name);
  if (known)
    throw new Exit(1, `ioctl(TUNSETIFF): ${known.kind === "tun" ? "Device or resource busy" : "Invalid argument"}\n`);
  talk(createLink(call.ns, { kind: "tun", ...wish, ...(name === undefined ? {} : { name }) }));
  return 0;
}

function remove(call: IpCall, given: Wish): number {
  const { name, mode } = withMode(given);
  call.requireAdmin();
  const known = name === undefined ? undefined : call.findLink(name);
  if (!known) return 0;
  if (known.kind !== "tun" || known.mode !== mode) throw new Exit(1, "ioctl(TUNSETIFF): Invalid argument\n");
  talk(deleteLink(call.ns, known.index));
  return 0;
}

/** One line each (ip/iptuntap.c: show_tuntap, print_flags). */
function show(call: IpCall): number {
  const { printer } = call;
  printer.openList();
  for (const link of call.links()) {
    if (link.kind !== "tun") continue;
    printer.openObject();
    printer.fact("ifname", `${link.name}:`, link.name);
    printer.openArray("flags", "");
    const flags = [
      link.mode,
      ...(link.packetInformation ? ["pi"] : []),
      ...(link.multiQueue ? ["multi_queue"] : []),
      ...(link.vnetHeader ? ["vnet_hdr"] : []),
      "persist",
    ];
    for (const flag of flags) printer.fact(undefined, ` ${flag}`, flag);
    printer.closeArray();
    if (link.user !== undefined) printer.fact("user", ` user ${link.user}`, link.user);
    if (link.owningGroup !== undefined) printer.fact("group", ` group ${link.owningGroup}`, link.owningGroup);
    printer.text("\n");
    printer.closeObject();
  }
  printer.closeList();
  return 0;
}
