import type { Engine } from "../engine.ts";

/** A random address that is local and no group's (netutils.GenerateRandomMAC). */
export function randomMac(engine: Engine): string {
  const hex = engine.kernel.random.hex("docker/mac", 12);
  const first = ((parseInt(hex.slice(0, 2), 16) & 0xfc) | 0x02).toString(16).padStart(2, "0");
  return [first, ...Array.from({ length: 5 }, (_, at) => hex.slice(2 + 2 * at, 4 + 2 * at))].join(":");
}
