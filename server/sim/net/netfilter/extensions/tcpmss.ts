import { SYN } from "../../walk/packet.ts";
import { lookupRoute } from "../../route/lookup.ts";
import { flow } from "../../route/flow.ts";
import { readNumber, type TargetExtension } from "../extension.ts";
import { TCP } from "../protocols.ts";
import { parameter } from "../row.ts";

interface MssOptions {
  /** Undefined: what the smaller of the links on both sides takes. */
  readonly mss?: number;
}

/** Lowers the largest segment that a SYN offers, so that no later packet is too large for a link on its way. */
export const TCPMSS: TargetExtension = {
  kind: "target",
  name: "TCPMSS",
  options: {
    "--set-mss": {
      key: "mss",
      words: 1,
      read: ([text], { family }) => {
        const max = 65_535 - (family === 4 ? 20 : 40);
        const bad = `TCPMSS: bad value for option "--set-mss", or out of range (0-${max}).\n`;
        return readNumber(text!, max) ?? parameter(bad);
      },
    },
    "--clamp-mss-to-pmtu": { key: "clamp", words: 0, read: () => true },
  },
  finish(given) {
    if (given.has("clamp")) return {};
    const mss = given.get("mss");
    return mss ? { mss: mss.value } : parameter("TCPMSS target: At least one parameter is required");
  },
  refuse: (_, { protocol }) => (protocol?.value !== TCP || protocol.not ? "EINVAL" : undefined),
  hooksFor: (options) => ((options as MssOptions).mss === undefined ? ["FORWARD", "OUTPUT", "POSTROUTING"] : undefined),
  save: (options) => words(options, " --set-mss ", " --clamp-mss-to-pmtu"),
  list: (options) => words(options, " TCPMSS set ", " TCPMSS clamp to PMTU"),
  compile(options) {
    const { mss } = options as MssOptions;
    return (packet, at) => {
      if (packet.protocol !== TCP || !(packet.flags & SYN)) return "continue";
      const header = typeof packet.dst === "number" ? 40 : 60;
      let wanted = mss;
      if (wanted === undefined) {
        // tcpmss_reverse_mtu: the way back to the sender counts as much as the way on.
        const back = lookupRoute(at.ns, flow(packet.src, { source: packet.dst }));
        const behind = back && at.ns.links.get(back.link)?.mtu;
        wanted = Math.min(at.out?.mtu ?? 65_535, back?.entry.row.mtu ?? behind ?? 65_535) - header;
      }
      if (packet.mss === 0 || packet.mss > wanted) packet.mss = wanted;
      return "continue";
    };
  },
};

function words(options: MssOptions, set: string, clamp: string): string {
  return options.mss === undefined ? clamp : `${set}${options.mss}`;
}

/** Asks a card to have checksums filled in, which no packet here is without. */
export const CHECKSUM: TargetExtension = {
  kind: "target",
  name: "CHECKSUM",
  tables: ["mangle"],
  options: { "--checksum-fill": { key: "fill", words: 0, read: () => true } },
  finish: (given) =>
    given.has("fill") ? { fill: true } : parameter('CHECKSUM: option "--checksum-fill" must be specified\n'),
  save: () => " --checksum-fill",
  list: () => " CHECKSUM fill",
  compile: () => () => "continue",
};
