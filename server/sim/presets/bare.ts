import type { Topology } from "../world/index.ts";

/** A machine with nothing but lo: no card, no route, no rule (the recorded world of that name). */
export const bare: Topology = {
  networks: [],
  machines: [{ name: "controlplane", profile: "debian12", cpus: 2, memory: 2_048_000, interfaces: [] }],
  clusters: [],
};
