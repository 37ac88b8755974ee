import type { Service } from "../types/core.ts";
import { pieces, type Amounts } from "./amounts.ts";
import type { Evaluator } from "./evaluator.ts";

const NAMES = ["count/services", "services", "services.nodeports", "services.loadbalancers"];

/** pkg/quota/v1/evaluator/core/services.go: ports are counted by what the Service will get, before it has them. */
export const serviceEvaluator: Evaluator = {
  matching: (names) => names.filter((name) => NAMES.includes(name)),
  handles: (operation, subresource) => (operation === "CREATE" || operation === "UPDATE") && subresource === "",
  usage: (object) => serviceUsage(object as Service),
  inScope: () => false,
  frees: (object, previous) => {
    const [now, before] = [serviceUsage(object as Service), serviceUsage(previous as Service)];
    return NAMES.some((name) => now.get(name)!.nanos < before.get(name)!.nanos);
  },
};

function serviceUsage({ spec }: Service): Amounts {
  const { type, ports = [], allocateLoadBalancerNodePorts } = spec;
  const balanced = type === "LoadBalancer";
  const asked = ports.filter(({ nodePort }) => nodePort).length;
  const all = balanced && allocateLoadBalancerNodePorts === false ? asked : ports.length;
  return new Map([
    ["count/services", pieces(1)],
    ["services", pieces(1)],
    ["services.nodeports", pieces(balanced || type === "NodePort" ? all : 0)],
    ["services.loadbalancers", pieces(balanced ? 1 : 0)],
  ]);
}
