import { contains, parseAddress, parsePrefix } from "../../server/sim/net/index.ts";
import type { Probe } from "../probe/probe.ts";
import type { Scene } from "../scene/scene.ts";
import type { Explanation } from "./explanation.ts";
import { podAt } from "./headed.ts";
import { explainHop } from "./hop.ts";
import { explainService, serviceAt } from "./service.ts";

/** Why a probe that found an address ended as it did. */
export function explainProbe(scene: Scene, probe: Probe): Explanation {
  const { address, target, outcome, detail } = probe;
  if (outcome === "certificate refused") return detail === undefined ? {} : { why: detail };
  if (outcome === "connected" || (outcome === "reset" && detail !== undefined)) return {};
  if (address !== undefined && target.scheme !== "icmp") {
    const protocol = target.scheme === "udp" ? "UDP" : "TCP";
    const found = serviceAt(scene, address, target.port, protocol);
    const foreign = found?.nodePort ? undefined : fromOutside(scene, probe, address);
    if (foreign) return foreign;
    if (found) return explainService(scene, probe, found);
    if (isServiceAddress(scene, address))
      return { why: `no Service has the address ${address}`, see: "kubectl get services -A" };
  }
  return explainHop(scene, probe);
}

/** Who is no machine of the cluster does not know the addresses of its Pods and Services. */
function fromOutside(scene: Scene, { from }: Probe, address: string): Explanation | undefined {
  const inside = !scene.hasCluster || scene.objects.nodes().some(({ metadata }) => metadata.name === from.ns.machine);
  if (inside) return undefined;
  const pod = podAt(scene, address);
  const what = pod ? `Pod ${pod.metadata.name}` : isServiceAddress(scene, address) ? "a Service" : undefined;
  return what === undefined
    ? undefined
    : { why: `${address} is the address of ${what}, which only the cluster's own machines know` };
}

function isServiceAddress(scene: Scene, text: string): boolean {
  const address = parseAddress(text);
  return scene.serviceCidrs.some((cidr) => {
    const prefix = parsePrefix(cidr);
    return address !== undefined && prefix !== undefined && contains(prefix, address);
  });
}
