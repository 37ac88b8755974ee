import type { TargetExtension } from "../extension.ts";
import { parameter } from "../row.ts";
import {
  finishRange,
  flagsText,
  natWish,
  PERSISTENT_OPTION,
  RANDOM_OPTIONS,
  rangeText,
  readRange,
  type NatRange,
} from "./nat-range.ts";

/** Gives a connection another destination, before it is routed. */
export const DNAT: TargetExtension = {
  kind: "target",
  name: "DNAT",
  tracks: true,
  tables: ["nat"],
  hooks: ["PREROUTING", "OUTPUT"],
  options: {
    "--to-destination": { key: "range", words: 1, read: ([text], context) => readRange(text!, context) },
    ...RANDOM_OPTIONS,
    ...PERSISTENT_OPTION,
  },
  finish(given, draft) {
    const range = given.get("range");
    if (!range) return parameter('DNAT: option "--to-destination" must be specified\n');
    return finishRange(range.value as NatRange, given, draft);
  },
  save: (options) => ` --to-destination ${rangeText(options)}${flagsText(options, "--")}`,
  list: (options) => ` to:${rangeText(options)}${flagsText(options, "")}`,
  compile(options) {
    const wish = natWish("destination", options);
    return (packet, at) => (at.translate(packet, wish) ? "accept" : "drop");
  },
};
