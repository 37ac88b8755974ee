import { createHash } from "node:crypto";

/** A number below `below` that only depends on the seed, the lab and the name. */
export function drawFrom(seed: number, lab: string): (name: string, below: number) => number {
  return (name, below) => {
    const hash = createHash("sha256").update(`${seed}/${lab}/${name}`).digest();
    return Math.floor((hash.readUInt32BE(0) / 0x1_0000_0000) * below);
  };
}
