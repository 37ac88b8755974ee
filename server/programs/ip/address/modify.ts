import {
  addAddress,
  addressText,
  defaultBroadcast,
  removeAddress,
  replaceAddress,
  type AddressSpec,
  type AddressScope,
} from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { mustBeAddress, mustBePrefix, type Family, type TypedPrefix } from "../prefix.ts";
import { ADDRESS_USAGE } from "../usage/address.ts";
import { duplicate, garbage, invalid, matches, readUnsigned, Words } from "../words.ts";
import { scopeOf } from "./filter.ts";

interface Wish {
  readonly local?: TypedPrefix;
  readonly peer?: TypedPrefix;
  readonly broadcast?: string;
  readonly device?: string;
  readonly label?: string;
  readonly scope?: AddressScope;
  readonly metric?: number;
  readonly noprefixroute: boolean;
  readonly nodad?: true;
  readonly valid?: number;
  readonly preferred?: number;
  readonly family?: Family;
}

/** `ip address add` and `replace` (ip/ipaddress.c: ipaddr_modify). */
export async function putAddress(call: IpCall, rest: readonly string[], mode: "add" | "replace"): Promise<number> {
  const wish = readWish(call, rest);
  const { local } = wish;
  if (wish.nodad && wish.family === 4) await call.warn("Warning: nodad option can be set only for IPv6 addresses\n");
  const device = mustHaveDevice(wish);
  checkLifetimes(wish);
  const link = call.mustFindLink(device);
  call.requireAdmin();
  // Without an address the request has no family, for which the kernel has no handler.
  if (!local) throw new Exit(2, "RTNETLINK answers: Operation not supported\n");
  const length = wish.peer?.length ?? local.length;
  const text = addressText(local.address);
  const spec: AddressSpec = {
    local: text,
    length,
    noprefixroute: wish.noprefixroute,
    ...(wish.nodad ? { nodad: true } : {}),
    ...(wish.peer ? { peer: addressText(wish.peer.address) } : {}),
    ...(wish.broadcast === undefined ? {} : { broadcast: broadcastOf(wish, text, length) }),
    ...(wish.label === undefined ? {} : { label: wish.label }),
    ...(wish.scope === undefined ? {} : { scope: wish.scope }),
    ...(wish.metric === undefined ? {} : { metric: wish.metric }),
  };
  talk(mode === "add" ? addAddress(call.ns, link, spec) : replaceAddress(call.ns, link, spec));
  return 0;
}

/** `ip address delete`: without a length, whatever its prefix is, with a warning. */
export async function deleteAddress(call: IpCall, rest: readonly string[]): Promise<number> {
  const wish = readWish(call, rest);
  const device = mustHaveDevice(wish);
  const { local } = wish;
  if (!local) {
    call.mustFindLink(device);
    call.requireAdmin();
    throw new Exit(2, "RTNETLINK answers: Operation not supported\n");
  }
  const text = addressText(local.address);
  if (!local.explicit && !wish.peer && local.family === 4) {
    await call.warn(
      "Warning: Executing wildcard deletion to stay compatible with old scripts.\n" +
        `         Explicitly specify the prefix length (${text}/${local.length}) to avoid this warning.\n` +
        "         This special behaviour is likely to disappear in further releases,\n" +
        "         fix your scripts!\n",
    );
  }
  const link = call.mustFindLink(device);
  call.requireAdmin();
  talk(
    removeAddress(call.ns, link, {
      local: text,
      ...(local.explicit || local.family === 6 ? { length: local.length } : {}),
    }),
  );
  return 0;
}

/** Seconds; forever where missing. */
function checkLifetimes({ valid = Infinity, preferred = Infinity }: Wish): void {
  if (valid === 0) throw new Exit(1, "valid_lft is zero\n");
  if (valid < preferred) throw new Exit(1, "preferred_lft is greater than valid_lft\n");
  if (Math.min(valid, preferred) < Infinity) throw notSimulated("ip", valid < Infinity ? "valid_lft" : "preferred_lft");
}

function mustHaveDevice({ device }: Wish): string {
  if (device === undefined) throw new Exit(1, 'Not enough information: "dev" argument is required.\n');
  return device;
}

function broadcastOf({ broadcast }: Wish, local: string, length: number): string {
  if (broadcast === "+") return defaultBroadcast(local, length);
  return broadcast!;
}

function readWish(call: IpCall, rest: readonly string[]): Wish {
  const words = new Words(rest);
  let { family } = call;
  const wish: { -readonly [K in keyof Wish]: Wish[K] } = { noprefixroute: false };
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "peer" || word === "remote") {
      if (wish.peer) throw duplicate("peer", words.next());
      wish.peer = mustBePrefix(words.next(), family);
      family ??= wish.peer.family;
    } else if (matches(word, "broadcast") || word === "brd") {
      const value = words.next();
      if (wish.broadcast !== undefined) throw duplicate("broadcast", value);
      if (value === "+" || value === "-") wish.broadcast = value;
      else wish.broadcast = addressText(mustBeAddress(value, family ?? 4));
    } else if (word === "anycast") {
      words.next();
      throw notSimulated("ip", "anycast");
    } else if (word === "scope") {
      const scope = call.names.scopes.number(words.next(), 255);
      if (scope === undefined) throw invalid("invalid scope value.", words.word);
      wish.scope = scopeOf(scope);
    } else if (word === "dev") wish.device = words.next();
    else if (word === "label") wish.label = words.next();
    else if (matches(word, "metric") || matches(word, "priority") || matches(word, "preference")) {
      const metric = readUnsigned(words.next());
      if (metric === undefined) throw invalid('"metric" value is invalid', words.word);
      wish.metric = metric;
    } else if (matches(word, "valid_lft") || matches(word, "preferred_lft")) {
      const forever = words.next() === "forever";
      const seconds = forever ? Infinity : readUnsigned(words.word);
      const name = matches(word, "valid_lft") ? "valid_lft" : "preferred_lft";
      if (seconds === undefined) throw invalid(`${name} value`, words.word);
      wish[name === "valid_lft" ? "valid" : "preferred"] = seconds;
    } else if (word === "noprefixroute") wish.noprefixroute = true;
    else if (["home", "nodad", "mngtmpaddr", "autojoin", "optimistic"].includes(word)) {
      if (word !== "nodad") throw notSimulated("ip", word);
      wish.nodad = true;
    } else {
      if (word === "local") words.next();
      if (matches(words.word, "help")) throw new Exit(255, ADDRESS_USAGE);
      if (wish.local) throw garbage("local", words.word);
      wish.local = mustBePrefix(words.word, family);
      family ??= wish.local.family;
    }
  }
  const { broadcast, ...others } = wish;
  // `brd -` is none; `brd +` of a prefix of 31 or 32 is none either (ipaddr_modify).
  const length = wish.peer?.length ?? wish.local?.length ?? 0;
  const none = broadcast === undefined || broadcast === "-" || (broadcast === "+" && length >= 31);
  return { ...(none ? others : wish), ...(family === undefined ? {} : { family }) };
}
