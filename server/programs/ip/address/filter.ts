import type { AddressScope } from "../../../sim/net/index.ts";
import { matches, Words, garbage, invalid } from "../words.ts";
import type { IpCall } from "../call.ts";
import { Exit } from "../exit.ts";
import { mustBePrefix, type Family, type TypedPrefix } from "../prefix.ts";

/** Which links and addresses are meant. Fields that are missing exclude nothing. */
export interface Filter {
  /** `ip link show`: links without their addresses. */
  readonly onlyLinks: boolean;
  readonly family: Family | undefined;
  readonly link: number | undefined;
  readonly up: boolean;
  readonly to: TypedPrefix | undefined;
  readonly scope: AddressScope | undefined;
  readonly label: string | undefined;
  readonly group: number | undefined;
  /** Index of a bridge; 0 for links that are part of none. */
  readonly master: number | undefined;
  readonly kind: string | undefined;
  readonly flags: readonly (readonly [flag: string, wanted: boolean])[];
}

/** Flags of addresses that can be asked for, also with a `-` before them (ip/ipaddress.c: ifa_flag_data). */
const FLAGS: Readonly<Record<string, readonly [string, boolean]>> = {
  secondary: ["secondary", true],
  temporary: ["secondary", true],
  primary: ["secondary", false],
  nodad: ["nodad", true],
  optimistic: ["optimistic", true],
  dadfailed: ["dadfailed", true],
  home: ["home", true],
  deprecated: ["deprecated", true],
  tentative: ["tentative", true],
  permanent: ["permanent", true],
  dynamic: ["permanent", false],
  mngtmpaddr: ["mngtmpaddr", true],
  noprefixroute: ["noprefixroute", true],
  autojoin: ["autojoin", true],
  "stable-privacy": ["stable-privacy", true],
};

/** Reads the words behind `show` or `flush`. */
export function readFilter(call: IpCall, rest: readonly string[], onlyLinks: boolean, usage: string): Filter {
  const words = new Words(rest);
  const flags: (readonly [string, boolean])[] = [];
  let { family } = call;
  if (onlyLinks) family = undefined;
  let device: string | undefined;
  const wish: { -readonly [K in keyof Filter]?: Filter[K] } = {};
  for (; !words.done; words.step()) {
    switch (words.word) {
      case "to":
        wish.to = mustBePrefix(words.next(), family);
        family ??= wish.to.family;
        break;
      case "scope":
        wish.scope = readScope(call, words.next());
        break;
      case "up":
        wish.up = true;
        break;
      case "label":
        wish.label = words.next();
        break;
      case "group": {
        const group = call.names.groups.number(words.next(), 0x7fff_ffff);
        if (group === undefined) throw invalid('Invalid "group" value\n', words.word);
        wish.group = group;
        break;
      }
      case "master": {
        const master = call.findLink(words.next());
        if (!master) throw invalid("Device does not exist\n", words.word);
        wish.master = master.index;
        break;
      }
      case "nomaster":
        wish.master = 0;
        break;
      case "vrf":
        throw invalid("Not a valid VRF name\n", words.next());
      case "type":
        wish.kind = words.next();
        break;
      default: {
        const flag = flagOf(words.word);
        if (flag) {
          flags.push(flag);
          break;
        }
        if (words.word === "dev") words.next();
        else if (matches(words.word, "help")) throw new Exit(255, usage);
        if (device !== undefined) throw garbage("dev", words.word);
        device = words.word;
      }
    }
  }
  const link = device === undefined ? undefined : call.findLink(device);
  if (device !== undefined && !link) throw new Exit(1, `Device "${device}" does not exist.\n`);
  return {
    onlyLinks,
    family,
    link: link?.index,
    up: wish.up ?? false,
    to: wish.to,
    scope: wish.scope,
    label: wish.label,
    group: wish.group,
    master: wish.master,
    kind: wish.kind,
    flags,
  };
}

function flagOf(word: string): readonly [string, boolean] | undefined {
  const not = word.startsWith("-");
  const name = not ? word.slice(1) : word;
  const found = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
  return found && [found[0], found[1] !== not];
}

function readScope(call: IpCall, word: string): AddressScope | undefined {
  if (word === "all") return undefined;
  const number = call.names.scopes.number(word, 255);
  if (number === undefined) throw invalid('invalid "scope"\n', word);
  return scopeOf(number);
}

/** A scope as rows have it. */
export function scopeOf(number: number): AddressScope {
  const names: Readonly<Record<number, AddressScope>> = {
    0: "global",
    200: "site",
    253: "link",
    254: "host",
    255: "nowhere",
  };
  return names[number] ?? number;
}
