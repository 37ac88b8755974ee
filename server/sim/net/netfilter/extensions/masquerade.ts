import type { TargetExtension } from "../extension.ts";
import { selectSource } from "../../route/source.ts";
import { finishRange, flagsText, natWish, portsText, RANDOM_OPTIONS, readPorts, type NatRange } from "./nat-range.ts";

/** SNAT to whatever address the outgoing link has (nf_nat_masquerade_ipv4). */
export const MASQUERADE: TargetExtension = {
  kind: "target",
  name: "MASQUERADE",
  tracks: true,
  tables: ["nat"],
  hooks: ["POSTROUTING"],
  options: {
    "--to-ports": { key: "ports", words: 1, read: ([text]) => readPorts(text!, false) },
    ...RANDOM_OPTIONS,
  },
  finish(given, draft) {
    return finishRange(given.get("ports")?.value ?? {}, given, draft);
  },
  save(options) {
    const range = options as NatRange;
    return `${range.minPort === undefined ? "" : ` --to-ports ${portsText(range)}`}${flagsText(range, "--")}`;
  },
  list(options) {
    const range = options as NatRange;
    return `${range.minPort === undefined ? "" : ` masq ports: ${portsText(range)}`}${flagsText(range, "")}`;
  },
  compile(options) {
    const wish = natWish("source", options);
    return (packet, at) => {
      const link = at.out;
      const source = link && selectSource(at.ns, link.index, packet.dst, "global");
      if (link === undefined || source === undefined) return "drop";
      const masquerade = { ...wish, from: source, to: source, masqueradeLink: link.index };
      return at.translate(packet, masquerade) ? "accept" : "drop";
    };
  },
};
