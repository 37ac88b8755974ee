import { BROADCAST_MAC, isGroupMac } from "../../mac.ts";
import type { MatchExtension } from "../extension.ts";
import { parameter } from "../row.ts";

const TYPES: Readonly<Record<string, string>> = {
  unicast: "unicast",
  host: "unicast",
  broadcast: "broadcast",
  bcast: "broadcast",
  multicast: "multicast",
  mcast: "multicast",
};

/** Whom a frame was addressed to on its link. What this machine sends itself comes in by `lo`, as to one host. */
export const pkttype: MatchExtension = {
  kind: "match",
  name: "pkttype",
  options: {
    "--pkt-type": {
      key: "type",
      words: 1,
      not: true,
      read: ([text]) => TYPES[text!.toLowerCase()] ?? parameter(`Bad packet type '${text}'`),
    },
  },
  finish(given) {
    const wish = given.get("type");
    if (!wish) return parameter('pkttype: option "--pkt-type" must be specified\n');
    return { type: wish.value, ...(wish.not ? { not: true as const } : {}) };
  },
  save: (options) => `${options["not"] ? " !" : ""} --pkt-type ${options["type"] as string}`,
  list: (options) => ` PKTTYPE ${options["not"] ? "!=" : "="} ${options["type"] as string}`,
  compile(options) {
    const { type, not = false } = options as { type: string; not?: boolean };
    return ({ dstMac }) => {
      const kind =
        dstMac === BROADCAST_MAC ? "broadcast" : dstMac !== "" && isGroupMac(dstMac) ? "multicast" : "unicast";
      return (kind === type) !== not;
    };
  },
};
