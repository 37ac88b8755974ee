import { isLoopback } from "../../ip.ts";
import { flow } from "../../route/flow.ts";
import { lookupRoute } from "../../route/lookup.ts";
import type { MatchExtension } from "../extension.ts";

const FLAGS = ["loose", "validmark", "accept-local", "invert"] as const;

/** Whether the way back to a packet's source leads out by the link that it came in by (xt_rpfilter). */
export const rpfilter: MatchExtension = {
  kind: "match",
  name: "rpfilter",
  tables: ["raw", "mangle"],
  hooks: ["PREROUTING"],
  options: Object.fromEntries(FLAGS.map((flag) => [`--${flag}`, { key: flag, words: 0, read: () => true }])),
  finish: (given) => Object.fromEntries([...given.keys()].map((flag) => [flag, true])),
  save: (options) => FLAGS.map((flag) => (options[flag] ? ` --${flag}` : "")).join(""),
  list: (options) => ` rpfilter${FLAGS.map((flag) => (options[flag] ? ` ${flag}` : "")).join("")}`,
  compile(options) {
    const invert = options["invert"] === true;
    return (packet, at) => {
      const { src, dst, mark } = packet;
      if (!at.in || at.in.kind === "loopback" || isLoopback(src)) return !invert;
      const query = flow(src, { source: dst, iif: 0, ...(options["validmark"] ? { mark } : {}) });
      const back = lookupRoute(at.ns, query);
      const type = back?.entry.row.type;
      if (!back || back.entry.error || (type !== "unicast" && !(type === "local" && options["accept-local"])))
        return invert;
      return (options["loose"] === true || back.link === at.in.index) !== invert;
    };
  },
};
