import type { Hop, PacketHeaders, Trace } from "../../server/sim/net/index.ts";
import type { Pod } from "../../server/sim/kube/api/index.ts";
import type { Scene } from "../scene/scene.ts";

/** Where a packet was headed when it ended, after all translations. */
export function headedFor(trace: Trace, by: Hop | undefined): PacketHeaders {
  let headers = trace.packet;
  for (const hop of trace.hops) {
    headers = hop.after ?? headers;
    if (hop === by) break;
  }
  return headers;
}

/** The Pod with an address of its own. */
export function podAt(scene: Scene, address: string): Pod | undefined {
  if (!scene.hasCluster) return undefined;
  return scene.objects.pods().find(({ spec, status }) => !spec.hostNetwork && status.podIP === address);
}
