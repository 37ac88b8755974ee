import type { Probe } from "../probe/probe.ts";
import type { Scene } from "../scene/scene.ts";
import type { Explanation } from "./explanation.ts";
import { explainHop } from "./hop.ts";
import { explainService, serviceAt } from "./service.ts";

/** Why a probe that found an address ended as it did. */
export function explainProbe(scene: Scene, probe: Probe): Explanation {
  const { address, target, outcome, detail } = probe;
  if (outcome === "certificate refused") return detail === undefined ? {} : { why: detail };
  if (outcome === "reset" && detail !== undefined) return {};
  if (address !== undefined && outcome !== "connected" && target.scheme !== "icmp") {
    const protocol = target.scheme === "udp" ? "UDP" : "TCP";
    const found = serviceAt(scene, address, target.port, protocol);
    if (found) return explainService(scene, probe, found);
  }
  return outcome === "connected" ? {} : explainHop(scene, probe);
}
