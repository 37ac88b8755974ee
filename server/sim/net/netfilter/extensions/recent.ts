import { SECOND, type Time } from "../../../kernel/index.ts";
import { address, addressText, parseAddress } from "../../ip.ts";
import { readNumber, type MatchExtension } from "../extension.ts";
import { recentList } from "../rule-state.ts";
import { parameter } from "../row.ts";

type Action = "set" | "rcheck" | "update" | "remove";

interface RecentOptions {
  readonly action: Action;
  readonly not?: true;
  readonly seconds?: number;
  readonly reap?: true;
  readonly hitcount?: number;
  readonly rttl?: true;
  readonly name: string;
  readonly mask: string;
  readonly side: "source" | "destination";
}

const WORDS: Readonly<Record<Action, string>> = { set: "SET", rcheck: "CHECK", update: "UPDATE", remove: "REMOVE" };

/** Packets of an address that are remembered (module parameter ip_pkt_list_tot). */
const STAMPS = 20;

function action(name: Action): MatchExtension["options"][string] {
  return { key: "action", words: 0, not: true, read: () => name };
}

/** Lists of addresses seen lately: kube-proxy's session affinity stands on it. */
export const recent: MatchExtension = {
  kind: "match",
  name: "recent",
  options: {
    "--set": action("set"),
    "--rcheck": action("rcheck"),
    "--update": action("update"),
    "--remove": action("remove"),
    "--seconds": { key: "seconds", words: 1, read: ([text]) => number("--seconds", text!, 1) },
    "--hitcount": { key: "hitcount", words: 1, read: ([text]) => number("--hitcount", text!, 0) },
    "--reap": { key: "reap", words: 0, read: () => true },
    "--rttl": { key: "rttl", words: 0, read: () => true },
    "--name": { key: "name", words: 1, read: ([text]) => text },
    "--mask": {
      key: "mask",
      words: 1,
      read: ([text]) =>
        parseAddress(text!) === undefined ? parameter(`recent: bad value for option "--mask"\n`) : text,
    },
    "--rsource": { key: "side", words: 0, read: () => "source" },
    "--rdest": { key: "side", words: 0, read: () => "destination" },
  },
  finish(given, _, family) {
    const wish = given.get("action");
    if (!wish) return parameter("recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'");
    if (given.has("reap") && !given.has("seconds"))
      return parameter('recent: option "--reap" also requires "--seconds".\n');
    const value = (key: string): unknown => given.get(key)?.value;
    const optional = (key: string): Record<string, unknown> =>
      value(key) === undefined || value(key) === 0 ? {} : { [key]: value(key) };
    return {
      action: wish.value,
      ...(wish.not ? { not: true as const } : {}),
      ...optional("seconds"),
      ...optional("reap"),
      ...optional("hitcount"),
      ...optional("rttl"),
      name: value("name") ?? "DEFAULT",
      mask: value("mask") ?? (family === 4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
      side: value("side") ?? "source",
    };
  },
  // recent_mt_check: what only asks may not also remember.
  refuse({ action, seconds, hitcount }) {
    return (action === "set" || action === "remove") && (seconds !== undefined || hitcount !== undefined)
      ? "EINVAL"
      : undefined;
  },
  save(options) {
    const wish = options as unknown as RecentOptions;
    const seconds = wish.seconds === undefined ? "" : ` --seconds ${wish.seconds}`;
    const hits = wish.hitcount === undefined ? "" : ` --hitcount ${wish.hitcount}`;
    const flags = `${wish.reap ? " --reap" : ""}${hits}${wish.rttl ? " --rttl" : ""}`;
    const side = wish.side === "source" ? "--rsource" : "--rdest";
    const what = `${wish.not ? " !" : ""} --${wish.action}`;
    return `${what}${seconds}${flags} --name ${wish.name} --mask ${wish.mask} ${side}`;
  },
  list(options) {
    const wish = options as unknown as RecentOptions;
    const seconds = wish.seconds === undefined ? "" : ` seconds: ${wish.seconds}`;
    const hits = wish.hitcount === undefined ? "" : ` hit_count: ${wish.hitcount}`;
    const flags = `${wish.reap ? " reap" : ""}${hits}${wish.rttl ? " TTL-Match" : ""}`;
    const side = wish.side === "source" ? "source" : "dest";
    const what = `${wish.not ? " !" : ""} recent: ${WORDS[wish.action]}`;
    return `${what}${seconds}${flags} name: ${wish.name} side: ${side} mask: ${wish.mask}`;
  },
  compile(options) {
    const wish = options as unknown as RecentOptions;
    const mask = address(wish.mask);
    return (packet, { ns }) => {
      const end = wish.side === "source" ? packet.src : packet.dst;
      const text = addressText(
        typeof end === "number"
          ? typeof mask === "number"
            ? end & mask
            : end
          : typeof mask === "bigint"
            ? end & mask
            : end,
      );
      return look(wish, recentList(ns), `${wish.name} ${text}`, ns.kernel.now, packet.ttl) !== (wish.not ?? false);
    };
  },
};

function look(wish: RecentOptions, list: ReturnType<typeof recentList>, key: string, now: Time, ttl: number): boolean {
  const row = list.get(key);
  if (wish.action === "set") {
    list.set(key, { stamps: [...(row?.stamps ?? []), now].slice(-STAMPS), ttl });
    return true;
  }
  if (!row || (wish.rttl && row.ttl !== ttl)) return false;
  if (wish.action === "remove") return list.delete(key);
  const since = wish.seconds === undefined ? -Infinity : now - wish.seconds * SECOND;
  const hits = row.stamps.filter((stamp) => stamp >= since);
  const found = hits.length >= (wish.hitcount ?? 1);
  if (found && wish.action === "update") list.set(key, { stamps: [...row.stamps, now].slice(-STAMPS), ttl });
  else if (wish.reap && hits.length < row.stamps.length) {
    if (hits.length > 0) list.set(key, { stamps: hits, ttl: row.ttl });
    else list.delete(key);
  }
  return found;
}

function number(option: string, text: string, min: number) {
  const value = readNumber(text);
  if (value !== undefined && value >= min) return value;
  return parameter(`recent: bad value for option "${option}", or out of range (${min}-4294967295).\n`);
}
