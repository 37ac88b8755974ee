import { systemdOf, type Process } from "../../../sim/host/index.ts";
import { addressText, getRoute, hostNamespace, parseAddress } from "../../../sim/net/index.ts";
import { KubeadmError } from "../failure.ts";

/** Any address outside: the interface with the default route is the one towards it. */
const OUTSIDE = parseAddress("8.8.8.8")!;

/** The address that the API server advertises if nobody says one: that of the interface with the default route. */
export function defaultAddress(process: Process): string {
  const route = getRoute(hostNamespace(process.host), { destination: OUTSIDE });
  if (typeof route === "string" || route.source === undefined)
    throw new KubeadmError('cannot use "0.0.0.0" as the bind address for the API Server');
  return addressText(route.source);
}

/** As nodeutil.GetHostname: small letters, no blanks around. */
export function nodeName(process: Process, given: string | undefined): string {
  const name = (given ?? process.host.hostname).trim().toLowerCase();
  if (name === "") throw new KubeadmError("empty hostname is invalid");
  return name;
}

/** What the kubelets hand to Pods that use the node's DNS (componentconfigs/kubelet.go Mutate). */
export function resolvConf(process: Process): string | undefined {
  const { active } = systemdOf(process.machine).state("systemd-resolved.service");
  return active === "active" ? "/run/systemd/resolve/resolv.conf" : undefined;
}
