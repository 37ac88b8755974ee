import { UNTRACKED } from "../../conntrack/tracking.ts";
import type { TargetAction, TargetExtension } from "../extension.ts";
import { unsimulated } from "../row.ts";

const untrack: TargetAction = (packet) => {
  packet.tracking ??= UNTRACKED;
  return "continue";
};

/** Keeps a packet out of connection tracking. Kept by its old name as it was written; listed as CT, which it is. */
export const NOTRACK: TargetExtension = {
  kind: "target",
  name: "NOTRACK",
  listedAs: "CT",
  tracks: true,
  tables: ["raw"],
  options: {},
  finish: () => ({}),
  save: () => "",
  list: () => " NOTRACK",
  compile: () => untrack,
};

export const CT: TargetExtension = {
  kind: "target",
  name: "CT",
  tracks: true,
  tables: ["raw"],
  options: {
    "--notrack": { key: "notrack", words: 0, read: () => true },
    "--zone": { key: "zone", words: 1, read: () => unsimulated("-j CT --zone") },
    "--helper": { key: "helper", words: 1, read: () => unsimulated("-j CT --helper") },
  },
  finish: (given) => (given.has("notrack") ? { notrack: true } : {}),
  save: (options) => (options["notrack"] ? " --notrack" : ""),
  list: (options) => (options["notrack"] ? " CT notrack" : " CT"),
  compile: (options) => (options["notrack"] ? untrack : () => "continue"),
};
