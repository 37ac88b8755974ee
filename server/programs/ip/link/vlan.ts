import type { VlanLink } from "../../../sim/net/index.ts";
import { Exit, notSimulated } from "../exit.ts";
import { VLAN_USAGE } from "../usage/kinds.ts";
import { invalid, matches, readOnOff, readUnsigned, Words } from "../words.ts";

export interface VlanOptions {
  readonly id?: number;
  readonly protocol?: VlanLink["protocol"];
  readonly reorderHeader?: boolean;
  readonly looseBinding?: boolean;
}

const UNSIMULATED = ["gvrp", "mvrp", "bridge_binding", "ingress-qos-map", "egress-qos-map"];

/** The options of a vlan (ip/iplink_vlan.c: vlan_parse_opt). */
export function readVlan(rest: readonly string[]): VlanOptions {
  const words = new Words(rest);
  const options: { -readonly [K in keyof VlanOptions]: VlanOptions[K] } = {};
  for (; !words.done; words.step()) {
    const { word } = words;
    if (matches(word, "protocol")) {
      const value = words.next().toLowerCase();
      if (value !== "802.1q" && value !== "802.1ad") throw invalid("protocol is invalid", words.word);
      options.protocol = value === "802.1q" ? "802.1Q" : "802.1ad";
    } else if (matches(word, "id")) {
      const id = readUnsigned(words.next(), 0xffff);
      if (id === undefined) throw invalid("id is invalid", words.word);
      options.id = id;
    } else if (matches(word, "reorder_hdr")) options.reorderHeader = readOnOff("reorder_hdr", words.next());
    else if (matches(word, "loose_binding")) options.looseBinding = readOnOff("loose_binding", words.next());
    else {
      const known = UNSIMULATED.find((name) => matches(word, name));
      if (known !== undefined) throw notSimulated("ip", `vlan ${known}`);
      if (matches(word, "help")) throw new Exit(1, VLAN_USAGE);
      throw new Exit(1, `vlan: unknown command "${word}"?\n${VLAN_USAGE}`);
    }
  }
  return options;
}
