import { admissionPlugins, type ApiSettings } from "../../api/index.ts";
import { listFlag, type Flags } from "../go-flags.ts";

/** What the flags decide for requests. An error in the words of kube-apiserver's validation. */
export function settingsOf(
  flags: Flags,
): Omit<ApiSettings, "etcdError" | "authorize" | "signToken"> | { readonly error: string } {
  const range = flags.get("service-node-port-range") ?? "30000-32767";
  const ports = /^(\d+)-(\d+)$/.exec(range);
  if (!ports || Number(ports[1]) > Number(ports[2]))
    return {
      error: `invalid argument "${range}" for "--service-node-port-range" flag: ${range} is not a valid port range`,
    };
  const serviceCidrs = listFlag(flags, "service-cluster-ip-range");
  const bad = serviceCidrs.find((cidr) => !/^[\da-f.:]+\/\d+$/i.test(cidr));
  if (bad !== undefined) return { error: `service-cluster-ip-range is not a valid cidr: invalid CIDR address: ${bad}` };
  const { simulated, notSimulated } = admissionPlugins();
  for (const flag of ["enable-admission-plugins", "disable-admission-plugins"]) {
    const unknown = listFlag(flags, flag).find((name) => !simulated.includes(name) && !notSimulated.includes(name));
    if (unknown !== undefined) return { error: `${flag} plugin "${unknown}" is unknown` };
  }
  const [issuer] = listFlag(flags, "service-account-issuer");
  return {
    ...(issuer === undefined ? {} : { issuer }),
    serviceCidrs: serviceCidrs.length > 0 ? serviceCidrs : ["10.0.0.0/24"],
    nodePorts: { from: Number(ports[1]), to: Number(ports[2]) },
    enableAdmission: listFlag(flags, "enable-admission-plugins"),
    disableAdmission: listFlag(flags, "disable-admission-plugins"),
    advertise: `${flags.get("advertise-address") ?? "127.0.0.1"}:${flags.get("secure-port") ?? "6443"}`,
  };
}
