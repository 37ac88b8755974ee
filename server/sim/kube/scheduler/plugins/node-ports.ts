import type { ContainerPort, Pod } from "../../api/index.ts";
import { isSidecar } from "../../kinds/index.ts";
import { unschedulable, type Plugin } from "../plugin.ts";

const ANY = "0.0.0.0";

/** Two Pods cannot have the same port of a node. */
export const nodePorts: Plugin = {
  name: "NodePorts",
  filter(pod) {
    const wanted = hostPorts(pod);
    if (wanted.length === 0) return undefined;
    return ({ pods }) => {
      const taken = pods.some((other) => hostPorts(other).some((port) => wanted.some((own) => conflict(own, port))));
      return taken ? unschedulable("node(s) didn't have free ports for the requested pod ports") : undefined;
    };
  },
};

function hostPorts({ spec }: Pod): ContainerPort[] {
  const containers = [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers];
  return containers.flatMap(({ ports = [] }) => ports.filter(({ hostPort = 0 }) => hostPort > 0));
}

function conflict(a: ContainerPort, b: ContainerPort): boolean {
  if (a.hostPort !== b.hostPort || (a.protocol ?? "TCP") !== (b.protocol ?? "TCP")) return false;
  const [first, second] = [a.hostIP || ANY, b.hostIP || ANY];
  return first === second || first === ANY || second === ANY;
}
