import type { MatchExtension } from "../extension.ts";
import { SCTP } from "../protocols.ts";
import { unsimulated } from "../row.ts";
import { listPorts, portFits, portOption, savePorts, type PortRange } from "./ports.ts";

interface SctpOptions {
  readonly sport?: PortRange;
  readonly dport?: PortRange;
}

export const sctp: MatchExtension = {
  kind: "match",
  header: true,
  name: "sctp",
  protocol: SCTP,
  options: {
    "--sport": portOption("sport"),
    "--source-port": portOption("sport"),
    "--dport": portOption("dport"),
    "--destination-port": portOption("dport"),
    "--chunk-types": { key: "chunks", words: 2, not: true, read: () => unsimulated("--chunk-types") },
  },
  finish(given) {
    const options: Record<string, unknown> = {};
    for (const [key, { value, not }] of given) options[key] = not ? { ...(value as object), not: true } : value;
    return options;
  },
  save(options) {
    const { sport, dport } = options as SctpOptions;
    return savePorts("sport", sport) + savePorts("dport", dport);
  },
  list(options, style) {
    const { sport, dport } = options as SctpOptions;
    return ` sctp${listPorts("spt", sport, style)}${listPorts("dpt", dport, style)}`;
  },
  compile(options) {
    const { sport, dport } = options as SctpOptions;
    return (packet) =>
      packet.protocol === SCTP &&
      (!sport || portFits(sport, packet.sport)) &&
      (!dport || portFits(dport, packet.dport));
  },
};
