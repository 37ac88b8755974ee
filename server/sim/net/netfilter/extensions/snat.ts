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

/** Gives a connection another source, before it leaves. */
export const SNAT: TargetExtension = {
  kind: "target",
  name: "SNAT",
  tracks: true,
  tables: ["nat"],
  hooks: ["POSTROUTING", "INPUT"],
  options: {
    "--to-source": { key: "range", words: 1, read: ([text], context) => readRange(text!, context) },
    ...RANDOM_OPTIONS,
    ...PERSISTENT_OPTION,
  },
  finish(given, draft) {
    const range = given.get("range");
    if (!range) return parameter('SNAT: option "--to-source" must be specified\n');
    return finishRange(range.value as NatRange, given, draft);
  },
  save: (options) => ` --to-source ${rangeText(options)}${flagsText(options, "--")}`,
  list: (options) => ` to:${rangeText(options)}${flagsText(options, "")}`,
  compile(options) {
    const wish = natWish("source", options);
    return (packet, at) => (at.translate(packet, wish) ? "accept" : "drop");
  },
};
