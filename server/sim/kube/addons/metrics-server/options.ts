import type { DaemonProcess } from "../../../host/index.ts";
import { SECOND, type Duration } from "../../../kernel/index.ts";
import { parseGoDuration } from "../../api/index.ts";
import { isFlagProblem, listFlag, parseFlags, type FlagTable } from "../../components/index.ts";

export interface MetricsServerOptions {
  readonly securePort: number;
  readonly resolution: Duration;
  readonly addressTypes: readonly string[];
  readonly kubeletPort: number;
  readonly useNodeStatusPort: boolean;
  readonly insecureTls: boolean;
}

const FLAGS: FlagTable = {
  "cert-dir": "string",
  "kubelet-insecure-tls": "bool",
  "kubelet-port": "number",
  "kubelet-preferred-address-types": "list",
  "kubelet-use-node-status-port": "bool",
  "metric-resolution": "duration",
  "secure-port": "number",
  v: "number",
  ...Object.fromEntries(
    [
      "authentication-kubeconfig",
      "authorization-kubeconfig",
      "kubeconfig",
      "kubelet-certificate-authority",
      "kubelet-client-certificate",
      "kubelet-client-key",
      "kubelet-request-timeout",
      "node-selector",
      "requestheader-client-ca-file",
      "tls-cert-file",
      "tls-private-key-file",
      "version",
    ].map((name) => [name, "unsimulated" as const]),
  ),
};

/** cmd/metrics-server/app/options; defaults of v0.7. */
export function readOptions(
  self: DaemonProcess,
): MetricsServerOptions | { readonly error: string; readonly code: number } {
  const flags = parseFlags(self.argv.slice(1), FLAGS);
  if (isFlagProblem(flags))
    return "error" in flags
      ? { error: `Error: ${flags.error}`, code: 1 }
      : { error: `drydock: metrics-server: '${flags.unsimulated}' is not simulated`, code: 64 };
  const bool = (name: string): boolean => /^(1|t|true)$/i.test(flags.get(name) ?? "");
  const types = listFlag(flags, "kubelet-preferred-address-types");
  return {
    securePort: Number(flags.get("secure-port") ?? 10_250),
    resolution: parseGoDuration(flags.get("metric-resolution") ?? "60s") ?? 60 * SECOND,
    addressTypes: types.length > 0 ? types : ["Hostname", "InternalDNS", "InternalIP", "ExternalDNS", "ExternalIP"],
    kubeletPort: Number(flags.get("kubelet-port") ?? 10_250),
    useNodeStatusPort: bool("kubelet-use-node-status-port"),
    insecureTls: bool("kubelet-insecure-tls"),
  };
}
