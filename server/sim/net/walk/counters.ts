import type { LinkRow } from "../link/row.ts";
import type { LinkCounters, Namespace } from "../namespace.ts";

const NOTHING: LinkCounters = { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0 };

/** Frames pass by a link: `ip -s link` counts them. */
export function countFrames(ns: Namespace, link: LinkRow, way: "rx" | "tx", frames: number, bytes: number): void {
  const old = ns.linkCounters.get(link.index) ?? NOTHING;
  ns.linkCounters.set(
    link.index,
    way === "rx"
      ? { ...old, rxPackets: old.rxPackets + frames, rxBytes: old.rxBytes + bytes }
      : { ...old, txPackets: old.txPackets + frames, txBytes: old.txBytes + bytes },
  );
}
