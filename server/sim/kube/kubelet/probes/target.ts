import type { Container, IntOrString, Pod } from "../../api/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { nodeAddresses } from "../node/addresses.ts";
import { runtimePodStatus } from "../runtime/pod-status.ts";

/** Where a Pod is probed. */
export function podAddress(kubelet: Kubelet, pod: Pod): string {
  if (pod.spec.hostNetwork) return nodeAddresses(kubelet)[0] ?? "127.0.0.1";
  return runtimePodStatus(kubelet.runtime, pod.metadata.uid).ips[0] ?? "";
}

/** The number of a port that may be a name (pkg/probe/util.go ResolveContainerPort). */
export function portNumber(port: IntOrString, container: Container): number | { readonly error: string } {
  if (typeof port === "number") return port > 0 && port < 65_536 ? port : { error: `invalid port number: ${port}` };
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  const found = named ?? (/^\d+$/.test(port) ? Number(port) : undefined);
  if (found === undefined) return { error: `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax` };
  return found > 0 && found < 65_536 ? found : { error: `invalid port number: ${found}` };
}
