import { address, LOOPBACK, LOOPBACK6 } from "../../ip.ts";
import { addressesOf } from "../../local.ts";
import type { TargetExtension } from "../extension.ts";
import { finishRange, flagsText, natWish, portsText, RANDOM_OPTIONS, readPorts, type NatRange } from "./nat-range.ts";

/** DNAT to this machine: the address of the link it came in by, or 127.0.0.1 for what it sends itself. */
export const REDIRECT: TargetExtension = {
  kind: "target",
  name: "REDIRECT",
  tracks: true,
  tables: ["nat"],
  hooks: ["PREROUTING", "OUTPUT"],
  options: {
    "--to-ports": { key: "ports", words: 1, read: ([text]) => readPorts(text!, false) },
    "--random": RANDOM_OPTIONS["--random"]!,
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
    return `${range.minPort === undefined ? "" : ` redir ports ${portsText(range)}`}${flagsText(range, "")}`;
  },
  compile(options) {
    const wish = natWish("destination", options);
    return (packet, at) => {
      const family = typeof packet.dst === "number" ? 4 : 6;
      const row =
        at.hook === "OUTPUT"
          ? undefined
          : at.in && addressesOf(at.ns, at.in.index).find((own) => own.family === family);
      if (at.hook !== "OUTPUT" && !row) return "drop";
      const to = row ? address(row.local) : family === 4 ? LOOPBACK : LOOPBACK6;
      return at.translate(packet, { ...wish, from: to, to }) ? "accept" : "drop";
    };
  },
};
