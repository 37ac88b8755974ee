import type { MatchExtension } from "../extension.ts";
import { UDP } from "../protocols.ts";
import { parameter } from "../row.ts";
import { anyPortOption, listPorts, portFits, savePorts, type PortRange } from "./ports.ts";

interface UdpOptions {
  readonly sport?: PortRange;
  readonly dport?: PortRange;
}

export const udp: MatchExtension = {
  kind: "match",
  header: true,
  name: "udp",
  protocol: UDP,
  options: {
    "--sport": anyPortOption("sport", "--source-port"),
    "--source-port": anyPortOption("sport", "--source-port"),
    "--dport": anyPortOption("dport", "--destination-port"),
    "--destination-port": anyPortOption("dport", "--destination-port"),
  },
  finish(given, draft) {
    if (given.size > 0 && (draft.protocol?.value !== UDP || draft.protocol.not))
      return parameter("UDP match requires '-p udp'");
    const options: Record<string, unknown> = {};
    for (const [key, { value, not }] of given) options[key] = not ? { ...(value as object), not: true } : value;
    return options;
  },
  save(options) {
    const { sport, dport } = options as UdpOptions;
    return savePorts("sport", sport) + savePorts("dport", dport);
  },
  list(options, style) {
    const { sport, dport } = options as UdpOptions;
    return ` udp${listPorts("spt", sport, style)}${listPorts("dpt", dport, style)}`;
  },
  compile(options) {
    const { sport, dport } = options as UdpOptions;
    return (packet) =>
      packet.protocol === UDP && (!sport || portFits(sport, packet.sport)) && (!dport || portFits(dport, packet.dport));
  },
};
